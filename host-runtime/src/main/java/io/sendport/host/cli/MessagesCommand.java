package io.sendport.host.cli;

import io.sendport.api.settings.ByteSize;
import io.sendport.api.submit.Receipt;
import io.sendport.api.submit.Submission;
import io.sendport.config.Routing;
import io.sendport.host.box.MessageAct;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageFilter;
import io.sendport.host.box.MessageRow;
import io.sendport.host.run.SubmissionDesk;
import io.sendport.host.store.Store;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sendport messages}. */
@Command(
        name = "messages",
        mixinStandardHelpOptions = true,
        description = "Looks at messages, and acts on them.",
        footer = {
            "",
            "Examples:",
            "  sendport messages list --state suspended",
            "  sendport messages count --by port,error --state suspended,retrying",
            "  sendport messages explain 6f0c2b1e",
            "  sendport messages resume --port Invoices --state suspended --reason \"relay is back\" --yes"
        })
final class MessagesCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(name = "list", description = "Messages, oldest first.")
    int list(
            @Mixin Setup own,
            @Mixin FilterOptions filter,
            @Option(names = "--limit", paramLabel = "N", description = "The newest N.") Optional<Integer> limit) {
        MessageFilter which = filter.messages();
        try (MessageBox box = own.open(own.routing(), Store.Access.READ)) {
            print(own, box.queries().list(which, limit));
            return ExitStatus.DONE;
        }
    }

    @Command(name = "count", description = "How many, by port, host, state, application, error or day.")
    int count(
            @Mixin Setup own,
            @Mixin FilterOptions filter,
            @Option(
                            names = "--by",
                            paramLabel = "FIELD",
                            split = ",",
                            required = true,
                            description = "Fields to group by.")
                    List<String> by) {
        PrintWriter out = spec.commandLine().getOut();
        try (MessageBox box = own.open(own.routing(), Store.Access.READ)) {
            Map<List<String>, Long> counts = box.queries().count(filter.messages(), by);
            List<List<String>> rows = new ArrayList<>();
            counts.forEach((key, count) -> {
                Map<String, Object> map = new LinkedHashMap<>();
                map.put("count", count);
                for (int i = 0; i < by.size(); i++) {
                    map.put(by.get(i), key.get(i));
                }
                if (own.json()) {
                    out.println(Output.json(map));
                }
                rows.add(map.values().stream().map(Object::toString).toList());
            });
            List<String> headings = new ArrayList<>(List.of("count"));
            headings.addAll(by);
            if (!own.json()) {
                Output.table(out, headings, rows);
            }
            return ExitStatus.DONE;
        }
    }

    @Command(name = "show", description = "One message: state, properties, recipients.")
    int show(@Mixin Setup own, @Parameters(paramLabel = "ID") String id) {
        try (MessageBox box = own.open(own.routing(), Store.Access.READ)) {
            MessageRow row = MessageIds.one(box, id);
            if (own.json()) {
                print(own, List.of(row));
            } else {
                new Explanation(box, row).show(spec.commandLine().getOut());
            }
            return ExitStatus.DONE;
        }
    }

    @Command(
            name = "explain",
            description = "A message's whole life: components, attempts with the dialogue, what decided what.")
    int explain(@Mixin Setup own, @Parameters(paramLabel = "ID") String id) {
        try (MessageBox box = own.open(own.routing(), Store.Access.READ)) {
            Explanation explanation = new Explanation(box, MessageIds.one(box, id));
            if (own.json()) {
                explanation.json().forEach(each -> spec.commandLine().getOut().println(Output.json(each)));
            } else {
                explanation.tell(spec.commandLine().getOut());
            }
            return ExitStatus.DONE;
        }
    }

    @Command(
            name = "save",
            description = "Writes context, parts and sealed mails to a folder. That somebody read them is recorded.")
    int save(
            @Mixin Setup own,
            @Mixin ActOptions act,
            @Parameters(paramLabel = "ID") String id,
            @Option(
                            names = "--to",
                            paramLabel = "FOLDER",
                            description = "Where to; a folder named by the id otherwise.")
                    Optional<Path> to)
            throws IOException {
        try (MessageBox box = own.open(own.routing(), Store.Access.WRITE)) {
            MessageRow row = MessageIds.one(box, id);
            Path folder = to.orElse(Path.of("message-" + row.id().brief()));
            if (act.dryRun()) {
                spec.commandLine().getOut().println("save: would write message " + row.id() + " to " + folder);
                return ExitStatus.DONE;
            }
            SavedMessage.write(box, row, folder, act.actor())
                    .forEach(file -> spec.commandLine().getOut().println(file));
            return ExitStatus.DONE;
        }
    }

    @Command(name = "suspend", description = "Keeps waiting messages from being sent until they are resumed.")
    int suspend(
            @Mixin Setup own,
            @Mixin ActOptions act,
            @Mixin FilterOptions filter,
            @Parameters(paramLabel = "ID", arity = "0..*") List<String> ids) {
        return act(
                own, act, filter, ids, "suspend", (box, row) -> box.acts().act(MessageAct.SUSPEND, row, act.actor()));
    }

    @Command(name = "resume", description = "Tries suspended, in-doubt and retrying messages now.")
    int resume(
            @Mixin Setup own,
            @Mixin ActOptions act,
            @Mixin FilterOptions filter,
            @Option(
                            names = "--reassemble",
                            description =
                                    "Run the pipeline again first; refused where somebody has the mail, or may have it.")
                    boolean reassemble,
            @Option(
                            names = "--force",
                            description = "Try it once though its port is stopped, or waits for others to come first.")
                    boolean force,
            @Parameters(paramLabel = "ID", arity = "0..*") List<String> ids) {
        return act(own, act, filter, ids, "resume", (box, row) -> {
            Optional<String> fault =
                    reassemble ? box.acts().act(MessageAct.REASSEMBLE, row, act.actor()) : Optional.empty();
            if (force && fault.isEmpty()) {
                return box.acts().act(MessageAct.FORCE, row, act.actor());
            }
            return reassemble ? fault : box.acts().act(MessageAct.RESUME, row, act.actor());
        });
    }

    @Command(name = "resubmit", description = "Submits a message anew, changed or not; the new one names the old.")
    int resubmit(
            @Mixin Setup own,
            @Mixin ActOptions act,
            @Parameters(index = "0", paramLabel = "ID") String id,
            @Parameters(
                            index = "1",
                            arity = "0..1",
                            paramLabel = "FILE",
                            description = "Takes the place of the body; needed once the message has ended.")
                    Optional<Path> file,
            @Option(names = "--port", paramLabel = "NAME", description = "Another send port.") Optional<String> port,
            @Option(
                            names = "--set",
                            paramLabel = "N=V",
                            description = "A context property; may be given several times.")
                    Map<String, String> properties) {
        Routing routing = own.routing();
        try (MessageBox box = own.open(routing, Store.Access.WRITE)) {
            Resubmission again = new Resubmission(box, MessageIds.one(box, id), act.actor());
            if (act.dryRun()) {
                print(own, List.of(again.row()));
                return ExitStatus.DONE;
            }
            Submission submission =
                    again.submission(port, properties == null ? Map.of() : properties, file, routing.promotions());
            Receipt receipt = new SubmissionDesk(routing, box, ignored -> {})
                    .submit(submission, Optional.of(again.row().id()));
            spec.commandLine()
                    .getOut()
                    .println(
                            own.json()
                                    ? Output.json(Map.of(
                                            "id",
                                            receipt.id().value(),
                                            "port",
                                            receipt.port(),
                                            "resubmitted",
                                            again.row().id().value()))
                                    : receipt.id());
            return ExitStatus.DONE;
        }
    }

    @Command(name = "terminate", description = "Ends messages; they are never sent.")
    int terminate(
            @Mixin Setup own,
            @Mixin ActOptions act,
            @Mixin FilterOptions filter,
            @Parameters(paramLabel = "ID", arity = "0..*") List<String> ids) {
        return act(own, act, filter, ids, "terminate", (box, row) -> box.acts()
                .act(MessageAct.TERMINATE, row, act.actor()));
    }

    @Command(name = "resolve", description = "Messages in doubt were found to have arrived: they are done.")
    int resolve(
            @Mixin Setup own,
            @Mixin ActOptions act,
            @Mixin FilterOptions filter,
            @Option(names = "--delivered", required = true, description = "They have arrived.") boolean delivered,
            @Parameters(paramLabel = "ID", arity = "0..*") List<String> ids) {
        if (!delivered) {
            throw new UsageException("resolve needs --delivered; to send a message again use resume");
        }
        return act(
                own, act, filter, ids, "resolve", (box, row) -> box.acts().act(MessageAct.RESOLVE, row, act.actor()));
    }

    private int act(
            Setup own,
            ActOptions options,
            FilterOptions filter,
            List<String> ids,
            String verb,
            BiFunction<MessageBox, MessageRow, Optional<String>> deed) {
        List<String> named = ids == null ? List.of() : ids;
        MessageFilter which = filter.messages();
        if (named.isEmpty() == which.isEmpty()) {
            throw new UsageException(
                    verb + " takes message ids or a filter, " + (named.isEmpty() ? "one of them" : "not both"));
        }
        Routing routing = own.routing();
        PrintWriter out = spec.commandLine().getOut();
        try (MessageBox box = own.open(routing, Store.Access.WRITE)) {
            List<MessageRow> rows = named.isEmpty() ? open(box, which) : MessageIds.all(box, named);
            if (options.dryRun()) {
                print(own, rows);
                return ExitStatus.DONE;
            }
            if (named.isEmpty() && !rows.isEmpty() && !options.confirmed(verb + " " + rows.size() + " messages?")) {
                return ExitStatus.USAGE;
            }
            int done = 0;
            for (MessageRow row : rows) {
                Optional<String> fault = deed.apply(box, row);
                fault.ifPresent(text -> spec.commandLine().getErr().println("sendport: " + text));
                done += fault.isEmpty() ? 1 : 0;
            }
            out.println(verb + ": " + done + " of " + rows.size() + " messages");
            return done == rows.size() ? ExitStatus.DONE : ExitStatus.WRONG;
        }
    }

    private static List<MessageRow> open(MessageBox box, MessageFilter which) {
        return box.queries().list(which, Optional.empty()).stream()
                .filter(row -> !row.state().isEnd())
                .toList();
    }

    private void print(Setup own, List<MessageRow> rows) {
        PrintWriter out = spec.commandLine().getOut();
        if (own.json()) {
            rows.forEach(row -> out.println(Output.json(asMap(row))));
            return;
        }
        List<List<String>> cells = new ArrayList<>();
        for (MessageRow row : rows) {
            cells.add(List.of(
                    row.id().value(),
                    row.port(),
                    row.state().word(),
                    Integer.toString(row.attempts()),
                    Output.time(row.submittedAt()),
                    ByteSize.format(row.size()),
                    row.lastError()));
        }
        Output.table(out, List.of("id", "port", "state", "attempts", "submitted", "size", "last error"), cells);
    }

    static Map<String, Object> asMap(MessageRow row) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("id", row.id().value());
        map.put("port", row.port());
        map.put("host", row.host());
        map.put("state", row.state().word());
        map.put("resumable", row.resumable());
        map.put("attempts", row.attempts());
        map.put("submittedAt", Output.utc(row.submittedAt()));
        map.put("nextAttemptAt", row.state().isEnd() ? null : Output.utc(row.dueAt()));
        map.put("size", row.size());
        map.put("mimeMessageId", row.mimeMessageId().isEmpty() ? null : row.mimeMessageId());
        map.put("lastError", row.lastError().isEmpty() ? null : row.lastError());
        return map;
    }
}
