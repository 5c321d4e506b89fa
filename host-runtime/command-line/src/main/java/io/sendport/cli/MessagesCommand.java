package io.sendport.cli;

import io.sendport.api.settings.ByteSize;
import io.sendport.api.submit.Receipt;
import io.sendport.cli.option.ActOptions;
import io.sendport.cli.option.CommandGroup;
import io.sendport.cli.option.CommonOptions;
import io.sendport.cli.option.FileParts;
import io.sendport.cli.option.FilterOptions;
import io.sendport.cli.option.UsageException;
import io.sendport.cli.output.ExitStatus;
import io.sendport.cli.output.Output;
import io.sendport.host.box.MessageAct;
import io.sendport.host.box.MessageFilter;
import io.sendport.host.operate.Json;
import io.sendport.host.operate.MessageHistory;
import io.sendport.host.operate.MessageView;
import io.sendport.host.operate.Messages;
import io.sendport.host.operate.Operations;
import io.sendport.host.operate.Resubmission;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sendport messages}. */
@Command(
        name = "messages",
        mixinStandardHelpOptions = true,
        description = "Lists and explains messages, and acts on them.",
        footer = {
            "",
            "Examples:",
            "  sendport messages list --state suspended",
            "  sendport messages count --by port,error --state suspended,retrying",
            "  sendport messages explain 6f0c2b1e",
            "  sendport messages resume --port Invoices --state suspended --reason \"relay is back\" --yes"
        })
final class MessagesCommand extends CommandGroup {

    private static final String ONE_MESSAGE = "The message id; a unique prefix is enough.";
    private static final String MESSAGES = "The message ids. Without ids, the filter selects the messages.";

    @Command(
            name = "list",
            description = "Lists messages, oldest first.",
            footer = {
                "",
                "Examples:",
                "  sendport messages list --state suspended --since today",
                "  sendport messages list --port Invoices --recipient ann@customer.example --json"
            })
    int list(
            @Mixin CommonOptions own,
            @Mixin FilterOptions filter,
            @Option(names = "--limit", paramLabel = "N", description = "List only the newest N.")
                    Optional<Integer> limit) {
        MessageFilter which = filter.messages();
        try (Operations operations = own.reading()) {
            print(own, operations.messages().list(which, limit));
            return ExitStatus.DONE;
        }
    }

    @Command(
            name = "count",
            description = "Counts messages by port, host, state, application, error or day.",
            footer = {"", "Example:", "  sendport messages count --state suspended --by port,error"})
    int count(
            @Mixin CommonOptions own,
            @Mixin FilterOptions filter,
            @Option(
                            names = "--by",
                            paramLabel = "FIELD",
                            split = ",",
                            required = true,
                            description = "The fields to group by, separated by commas.")
                    List<String> by) {
        PrintWriter out = spec.commandLine().getOut();
        MessageFilter which = filter.messages();
        try (Operations operations = own.reading()) {
            List<List<String>> rows = new ArrayList<>();
            operations.messages().count(which, by).forEach((key, count) -> {
                Map<String, Object> map = new LinkedHashMap<>();
                map.put("count", count);
                for (int i = 0; i < by.size(); i++) {
                    map.put(by.get(i), key.get(i));
                }
                if (own.json()) {
                    out.println(Json.write(map));
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

    @Command(
            name = "show",
            description = "Shows one message: state, properties and recipients.",
            footer = {"", "Example:", "  sendport messages show 6f0c2b1e"})
    int show(@Mixin CommonOptions own, @Parameters(paramLabel = "ID", description = ONE_MESSAGE) String id) {
        try (Operations operations = own.reading()) {
            if (own.json()) {
                print(own, List.of(operations.messages().view(id)));
            } else {
                new Explanation(spec.commandLine().getOut(), own)
                        .show(operations.messages().details(id));
            }
            return ExitStatus.DONE;
        }
    }

    @Command(
            name = "explain",
            description =
                    "Shows the history of a message: components, attempts with the SMTP dialogue, and the reason for each decision.",
            footer = {"", "Example:", "  sendport messages explain 6f0c2b1e"})
    int explain(
            @Mixin CommonOptions own,
            @Parameters(paramLabel = "ID", description = ONE_MESSAGE) String id,
            @Option(
                            names = {"-v", "--verbose"},
                            description = "Also print the stack trace when one of your own components failed.")
                    boolean verbose) {
        PrintWriter out = spec.commandLine().getOut();
        try (Operations operations = own.reading()) {
            MessageHistory story = operations.messages().story(id);
            if (own.json()) {
                story.events().forEach(each -> out.println(Json.write(each.record())));
            } else {
                new Explanation(out, own).explain(story, verbose);
            }
            return ExitStatus.DONE;
        }
    }

    @Command(
            name = "save",
            description = "Writes context, parts and sealed mails to a folder. The ledger records the access.",
            footer = {"", "Example:", "  sendport messages save 6f0c2b1e --to /tmp/looked-at --reason \"customer asks\""
            })
    int save(
            @Mixin CommonOptions own,
            @Mixin ActOptions act,
            @Parameters(paramLabel = "ID", description = ONE_MESSAGE) String id,
            @Option(
                            names = "--to",
                            paramLabel = "FOLDER",
                            description = "The folder to write to. Default: message-ID in the current folder.")
                    Optional<Path> to)
            throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        try (Operations operations = own.changing()) {
            MessageView message = operations.messages().view(id);
            Path folder = to.orElse(Path.of("message-" + message.id().brief()));
            if (act.dryRun()) {
                out.println("save: would write message " + message.id() + " to " + folder);
                return ExitStatus.DONE;
            }
            operations
                    .messages()
                    .save(message.id().value(), folder, act.actor())
                    .forEach(out::println);
            return ExitStatus.DONE;
        }
    }

    @Command(
            name = "suspend",
            description = "Suspends waiting messages. They are not sent until you resume them.",
            footer = {
                "",
                "Example:",
                "  sendport messages suspend --port Invoices --state waiting --reason \"wrong price list\""
            })
    int suspend(
            @Mixin CommonOptions own,
            @Mixin ActOptions act,
            @Mixin FilterOptions filter,
            @Parameters(paramLabel = "ID", arity = "0..*", description = MESSAGES) List<String> ids) {
        return act(own, act, filter, ids, List.of(MessageAct.SUSPEND));
    }

    @Command(
            name = "resume",
            description = "Retries suspended, in-doubt and retrying messages now.",
            footer = {
                "",
                "Examples:",
                "  sendport messages resume 6f0c2b1e --reason \"mailbox is there now\"",
                "  sendport messages resume --port Invoices --state suspended --yes"
            })
    int resume(
            @Mixin CommonOptions own,
            @Mixin ActOptions act,
            @Mixin FilterOptions filter,
            @Option(
                            names = "--reassemble",
                            description =
                                    "Run the pipeline again first. Refused when a recipient has the mail or may have it.")
                    boolean reassemble,
            @Option(
                            names = "--force",
                            description =
                                    "Try each message once, even if its port is stopped or an earlier message must go first.")
                    boolean force,
            @Parameters(paramLabel = "ID", arity = "0..*", description = MESSAGES) List<String> ids) {
        return act(own, act, filter, ids, MessageAct.resuming(reassemble, force));
    }

    @Command(
            name = "resubmit",
            description = "Submits a copy of a message, with or without changes. The copy names the original.",
            footer = {"", "Example:", "  sendport messages resubmit 6f0c2b1e --set InvoiceNumber=4712 corrected.xml"})
    int resubmit(
            @Mixin CommonOptions own,
            @Mixin ActOptions act,
            @Parameters(index = "0", paramLabel = "ID", description = ONE_MESSAGE) String id,
            @Parameters(
                            index = "1",
                            arity = "0..1",
                            paramLabel = "FILE",
                            description = "Replaces the body. Required when the message has ended.")
                    Optional<Path> file,
            @Option(names = "--port", paramLabel = "NAME", description = "Submit to another send port.")
                    Optional<String> port,
            @Option(names = "--set", paramLabel = "N=V", description = "Set a context property; repeatable.")
                    Map<String, String> properties) {
        PrintWriter out = spec.commandLine().getOut();
        try (Operations operations = own.changing()) {
            MessageView before = operations.messages().view(id);
            if (act.dryRun()) {
                print(own, List.of(before));
                return ExitStatus.DONE;
            }
            Resubmission again = new Resubmission(
                    port,
                    properties == null ? Map.of() : properties,
                    file.map(given -> FileParts.of(given, "body", "", String.valueOf(given.getFileName()))));
            Receipt receipt = operations.submissions().resubmit(before.id().value(), again, act.actor());
            if (own.json()) {
                Map<String, Object> map = new LinkedHashMap<>();
                map.put("id", receipt.id());
                map.put("port", receipt.port());
                map.put("resubmitted", before.id());
                out.println(Json.write(map));
            } else {
                out.println(receipt.id());
            }
            return ExitStatus.DONE;
        }
    }

    @Command(
            name = "terminate",
            description = "Terminates messages. They are never sent.",
            footer = {"", "Example:", "  sendport messages terminate 6f0c2b1e --reason \"sent by hand\""})
    int terminate(
            @Mixin CommonOptions own,
            @Mixin ActOptions act,
            @Mixin FilterOptions filter,
            @Parameters(paramLabel = "ID", arity = "0..*", description = MESSAGES) List<String> ids) {
        return act(own, act, filter, ids, List.of(MessageAct.TERMINATE));
    }

    @Command(
            name = "resolve",
            description = "Marks in-doubt messages as delivered, after you have confirmed that they arrived.",
            footer = {
                "",
                "Example:",
                "  sendport messages resolve --delivered 6f0c2b1e --reason \"in the log of the relay as 4BCD\""
            })
    int resolve(
            @Mixin CommonOptions own,
            @Mixin ActOptions act,
            @Mixin FilterOptions filter,
            @Option(names = "--delivered", required = true, description = "The messages arrived.") boolean delivered,
            @Parameters(paramLabel = "ID", arity = "0..*", description = MESSAGES) List<String> ids) {
        if (!delivered) {
            throw new UsageException("resolve needs --delivered; to send a message again, use resume");
        }
        return act(own, act, filter, ids, List.of(MessageAct.RESOLVE));
    }

    @Command(
            name = "hold",
            description = {
                "Puts messages on hold: retention and erasure delete neither their content nor their rows.",
                "It does not stop sending; use suspend for that."
            },
            footer = {"", "Example:", "  sendport messages hold 6f0c2b1e --reason \"case 2026-17\""})
    int hold(
            @Mixin CommonOptions own,
            @Mixin ActOptions act,
            @Mixin FilterOptions filter,
            @Parameters(paramLabel = "ID", arity = "0..*", description = MESSAGES) List<String> ids) {
        return act(own, act, filter, ids, List.of(MessageAct.HOLD));
    }

    @Command(
            name = "release",
            description = "Releases messages from hold, so that retention and erasure delete them again.",
            footer = {
                "",
                "Examples:",
                "  sendport messages release 6f0c2b1e --reason \"case 2026-17 is closed\"",
                "  sendport messages release --held --until 2026-01-01 --yes"
            })
    int release(
            @Mixin CommonOptions own,
            @Mixin ActOptions act,
            @Mixin FilterOptions filter,
            @Parameters(paramLabel = "ID", arity = "0..*", description = MESSAGES) List<String> ids) {
        return act(own, act, filter, ids, List.of(MessageAct.RELEASE));
    }

    /** Performs {@code acts} one after the other on each message. The last act names the verb. */
    private int act(
            CommonOptions own, ActOptions options, FilterOptions filter, List<String> ids, List<MessageAct> acts) {
        String verb = acts.get(acts.size() - 1).verb();
        List<String> named = ids == null ? List.of() : ids;
        MessageFilter which = filter.messages();
        if (named.isEmpty() == which.isEmpty()) {
            throw new UsageException(verb + " takes message ids or a filter; give "
                    + (named.isEmpty() ? "one of them" : "only one of them"));
        }
        try (Operations operations = own.changing()) {
            Messages messages = operations.messages();
            if (options.dryRun()) {
                boolean alsoEnded = acts.stream().allMatch(MessageAct::isAboutKeeping);
                print(
                        own,
                        !named.isEmpty()
                                ? messages.all(named)
                                : alsoEnded ? messages.list(which, Optional.empty()) : messages.open(which));
                return ExitStatus.DONE;
            }
            MessageActRunner runner = new MessageActRunner(spec.commandLine(), options, acts, verb);
            return named.isEmpty()
                    ? runner.onAll(operations.bulk(), which)
                    : runner.onEach(messages, messages.all(named));
        }
    }

    private void print(CommonOptions own, List<MessageView> messages) {
        PrintWriter out = spec.commandLine().getOut();
        if (own.json()) {
            messages.forEach(each -> out.println(Json.write(each)));
            return;
        }
        List<List<String>> cells = messages.stream()
                .map(each -> List.of(
                        each.id().value(),
                        each.port(),
                        each.state().word() + (each.hold().isPresent() ? ", on hold" : ""),
                        Integer.toString(each.attempts()),
                        Output.time(each.submittedAt()),
                        ByteSize.format(each.size()),
                        each.lastError().orElse("")))
                .toList();
        Output.table(out, List.of("id", "port", "state", "attempts", "submitted", "size", "last error"), cells);
    }
}
