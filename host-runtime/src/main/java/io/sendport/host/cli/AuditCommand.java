package io.sendport.host.cli;

import io.sendport.config.Routing;
import io.sendport.host.box.MessageBox;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.ledger.Checkpoints;
import io.sendport.host.ledger.Inclusion;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.store.Store;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sendport audit}. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = "Looks at the audit ledger, and proves it.",
        subcommands = {
            AuditVerifyCommand.class,
            AuditReportCommand.class,
            AuditReconcileCommand.class,
            AuditEraseCommand.class,
            AuditRotateKeyCommand.class
        },
        footer = {
            "",
            "Examples:",
            "  sendport audit search --recipient accounts@customer.example --since 7d",
            "  sendport audit show 0:4711",
            "  sendport audit search --kind REFUSED --follow",
            "  sendport audit verify",
            "  sendport audit report --day yesterday",
            "  sendport audit reconcile --archive /var/mail/archive/Maildir --since yesterday",
            "  sendport audit export --port Invoices --since 2026-11-01 > november.jsonl"
        })
final class AuditCommand implements Runnable {

    private static final long FOLLOW_MILLIS = 300;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(name = "search", description = "Records, oldest first.")
    int search(
            @Mixin Setup own,
            @Mixin AuditOptions options,
            @Option(names = "--limit", paramLabel = "N", description = "The newest N.") Optional<Integer> limit,
            @Option(names = "--follow", description = "Goes on with records as they come, until interrupted.")
                    boolean follow)
            throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Routing routing = own.routing();
        try (MessageBox box = own.open(routing, Store.Access.READ)) {
            AuditFilter filter = options.filter(box, routing);
            Map<Long, Ledger.Head> seen = new HashMap<>();
            box.ledger().heads().forEach(head -> seen.put(head.lane(), head));
            Deque<AuditRecord> newest = new ArrayDeque<>();
            box.ledger().read(filter, each -> {
                // What came after the heads were read is told when it is followed.
                if (follow && !isSeen(seen, each)) {
                    return true;
                }
                if (limit.isEmpty()) {
                    print(own, each, out);
                } else {
                    newest.addLast(each);
                    if (newest.size() > limit.get()) {
                        newest.removeFirst();
                    }
                }
                return true;
            });
            newest.forEach(each -> print(own, each, out));
            while (follow) {
                out.flush();
                Thread.sleep(FOLLOW_MILLIS);
                follow(box, filter, seen, each -> print(own, each, out));
            }
            return ExitStatus.DONE;
        }
    }

    private static boolean isSeen(Map<Long, Ledger.Head> seen, AuditRecord each) {
        Ledger.Head head = seen.get(each.lane());
        return head != null && each.seq() <= head.seq();
    }

    private static void follow(
            MessageBox box, AuditFilter filter, Map<Long, Ledger.Head> seen, Consumer<AuditRecord> tell) {
        for (Ledger.Head head : box.ledger().heads()) {
            Ledger.Head last = seen.getOrDefault(head.lane(), new Ledger.Head(head.lane(), 0, ""));
            if (head.seq() > last.seq()) {
                box.ledger().readAfter(last, filter, each -> {
                    if (each.seq() <= head.seq()) {
                        tell.accept(each);
                    }
                    return each.seq() < head.seq();
                });
                seen.put(head.lane(), head);
            }
        }
    }

    @Command(name = "show", description = "One record in full.")
    int show(
            @Mixin Setup own,
            @Parameters(paramLabel = "[LANE:]SEQ") String place,
            @Option(
                            names = "--proof",
                            description =
                                    "As one line of JSON with its proof, which audit verify --export --selection checks.")
                    boolean proof) {
        if (!place.matches("(\\d{1,9}:)?\\d{1,15}")) {
            throw new UsageException("\"" + place + "\" is no place on the ledger, expected 0:4711 or 4711");
        }
        int colon = place.indexOf(':');
        long lane = colon < 0 ? 0 : Long.parseLong(place.substring(0, colon));
        long seq = Long.parseLong(place.substring(colon + 1));
        Routing routing = own.routing();
        try (MessageBox box = own.open(routing, Store.Access.READ)) {
            AuditRecord found = box.ledger()
                    .find(lane, seq)
                    .orElseThrow(() -> new UsageException("there is no record " + lane + ":" + seq));
            if (proof) {
                Optional<Map<String, Object>> inclusion =
                        inclusions(box, routing).of(found, true);
                if (inclusion.isEmpty()) {
                    spec.commandLine()
                            .getErr()
                            .println("sendport: no signed checkpoint covers record " + lane + ":" + seq
                                    + " yet, so its proof has no signature");
                }
                spec.commandLine().getOut().println(Output.json(found.asEvidence(inclusion)));
            } else if (own.json()) {
                spec.commandLine().getOut().println(Output.json(found.asMap()));
            } else {
                found.asMap()
                        .forEach((name, value) -> spec.commandLine().getOut().println(name + "  " + value));
            }
            return ExitStatus.DONE;
        }
    }

    private static Inclusion inclusions(MessageBox box, Routing routing) {
        Checkpoints checkpoints = Checkpoints.of(routing.messageBox().place(), Optional.of(routing.auditLedger()));
        return new Inclusion(box.ledger(), checkpoints, checkpoints.trust());
    }

    @Command(name = "export", description = "Records as JSON lines, each with its proof, or as CSV; lane by lane.")
    int export(
            @Mixin Setup own,
            @Mixin AuditOptions options,
            @Option(names = "--format", paramLabel = "F", defaultValue = "jsonl", description = "jsonl or csv.")
                    String format) {
        if (!Set.of("jsonl", "csv").contains(format)) {
            throw new UsageException("--format " + format + " is not known, expected jsonl or csv");
        }
        PrintWriter out = spec.commandLine().getOut();
        List<String> columns = List.of(
                "lane",
                "seq",
                "at",
                "kind",
                "port",
                "message",
                "delivery",
                "attempt",
                "actor",
                "sender",
                "recipients",
                "subject",
                "relay",
                "queueId",
                "mimeMessageId",
                "size",
                "sha256",
                "prevHash",
                "hash");
        Routing routing = own.routing();
        try (MessageBox box = own.open(routing, Store.Access.READ)) {
            if (format.equals("csv")) {
                out.println(String.join(",", columns));
            }
            Inclusion inclusions = inclusions(box, routing);
            box.ledger().readLanes(options.filter(box, routing), each -> {
                Map<String, Object> map = each.asMap();
                out.println(
                        format.equals("jsonl")
                                ? Output.json(each.asEvidence(inclusions.of(each, false)))
                                : String.join(
                                        ",",
                                        columns.stream()
                                                .map(name -> csv(map.get(name)))
                                                .toList()));
                return true;
            });
            return ExitStatus.DONE;
        }
    }

    /** A cell: quoted, and no formula when a spreadsheet opens it. */
    static String csv(@Nullable Object value) {
        String text = value == null
                ? ""
                : value instanceof List<?> list ? Output.json(Map.of("list", list)) : value.toString();
        boolean formula = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0;
        return "\"" + (formula ? "'" : "") + text.replace("\"", "\"\"") + "\"";
    }

    private static void print(Setup own, AuditRecord each, PrintWriter out) {
        if (own.json()) {
            out.println(Output.json(each.asMap()));
            return;
        }
        String recipients = each.secret().get("recipients") instanceof List<?> list
                ? " to "
                        + String.join(
                                ", ", list.stream().map(AuditCommand::address).toList())
                : "";
        out.println(each.header("lane") + ":" + each.header("seq") + "  "
                + Output.time(Instant.parse(each.header("at"))) + "  "
                + each.header("kind")
                + (each.header("port").isEmpty() ? "" : "  " + each.header("port"))
                + (each.header("message").isEmpty() ? "" : "  " + each.header("message"))
                + recipients
                + (each.detail("queueId").isEmpty() ? "" : "  queued as " + each.detail("queueId"))
                + (each.detail("actor").isEmpty() ? "" : "  by " + each.detail("actor"))
                + (each.detail("detail").isEmpty() ? "" : "  " + each.detail("detail")));
    }

    private static String address(Object recipient) {
        return recipient instanceof Map<?, ?> map ? String.valueOf(map.get("address")) : "";
    }
}
