package io.sendport.host.cli;

import io.sendport.config.Routing;
import io.sendport.host.box.MessageBox;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.ledger.Checkpoints;
import io.sendport.host.ledger.Kind;
import io.sendport.host.ledger.Verification;
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
        subcommands = {Reserved.Report.class, Reserved.Reconcile.class, Reserved.Erase.class},
        footer = {
            "",
            "Examples:",
            "  sendport audit search --recipient accounts@customer.example --since 7d",
            "  sendport audit show 0:4711",
            "  sendport audit verify",
            "  sendport audit export --port Invoices --since 2026-11-01 > november.jsonl"
        })
final class AuditCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** What only records can be searched for. */
    static final class RecordOptions {
        @Option(names = "--sender", paramLabel = "A", description = "Return path.")
        private @Nullable String sender;

        @Option(names = "--subject", paramLabel = "TEXT", description = "Text in the subject.")
        private @Nullable String subject;

        @Option(names = "--kind", paramLabel = "K", description = "Kind of record: ${COMPLETION-CANDIDATES}.")
        private @Nullable Kind kind;

        @Option(names = "--actor", paramLabel = "A", description = "Who acted.")
        private @Nullable String actor;

        @Option(names = "--message", paramLabel = "ID", description = "Message id; may be shortened.")
        private @Nullable String message;

        @Option(names = "--message-id", paramLabel = "M", description = "Message-ID header field.")
        private @Nullable String mimeMessageId;

        @Option(names = "--queue-id", paramLabel = "Q", description = "What the relay called it.")
        private @Nullable String queueId;
    }

    @Command(name = "search", description = "Records, oldest first.")
    int search(
            @Mixin Setup own,
            @Mixin FilterOptions filter,
            @Mixin RecordOptions options,
            @Option(names = "--limit", paramLabel = "N", description = "The newest N.") Optional<Integer> limit,
            @Option(names = "--follow", hidden = true) boolean follow) {
        if (follow) {
            throw new UsageException("audit search --follow is not yet done in this version");
        }
        PrintWriter out = spec.commandLine().getOut();
        try (MessageBox box = own.open(own.routing(), Store.Access.READ)) {
            Deque<AuditRecord> newest = new ArrayDeque<>();
            box.ledger().read(filter(box, filter, options), each -> {
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
            return ExitStatus.DONE;
        }
    }

    @Command(name = "show", description = "One record in full.")
    int show(@Mixin Setup own, @Parameters(paramLabel = "[LANE:]SEQ") String place) {
        if (!place.matches("(\\d{1,9}:)?\\d{1,15}")) {
            throw new UsageException("\"" + place + "\" is no place on the ledger, expected 0:4711 or 4711");
        }
        int colon = place.indexOf(':');
        long lane = colon < 0 ? 0 : Long.parseLong(place.substring(0, colon));
        long seq = Long.parseLong(place.substring(colon + 1));
        try (MessageBox box = own.open(own.routing(), Store.Access.READ)) {
            AuditRecord found = box.ledger()
                    .find(lane, seq)
                    .orElseThrow(() -> new UsageException("there is no record " + lane + ":" + seq));
            if (own.json()) {
                spec.commandLine().getOut().println(Output.json(found.asMap()));
            } else {
                found.asMap()
                        .forEach((name, value) -> spec.commandLine().getOut().println(name + "  " + value));
            }
            return ExitStatus.DONE;
        }
    }

    @Command(
            name = "verify",
            description =
                    "Recomputes the chain: how much held, up to where it is anchored, the first that does not hold.")
    int verify(@Mixin Setup own, @Option(names = "--export", hidden = true) @Nullable String export) {
        if (export != null) {
            throw new UsageException("audit verify --export is not yet done in this version");
        }
        PrintWriter out = spec.commandLine().getOut();
        Routing routing = own.routing();
        try (MessageBox box = own.open(routing, Store.Access.READ)) {
            Verification.Finding finding = new Verification(
                            box.store(),
                            Checkpoints.of(routing.messageBox().place(), Optional.of(routing.auditLedger())))
                    .run();
            if (own.json()) {
                Map<String, Object> map = new HashMap<>();
                map.put("records", finding.records());
                map.put("anchored", finding.anchored());
                map.put("anchoredTo", finding.anchoredTo());
                map.put("elsewhere", finding.elsewhere());
                map.put("fault", finding.fault().orElse(null));
                out.println(Output.json(map));
            } else {
                out.println(
                        finding.fault().isEmpty()
                                ? finding.records() + " records held, nothing missing; "
                                        + (finding.anchored() == 0
                                                ? "no checkpoint yet, so nothing is anchored outside the store"
                                                : "anchored by signed checkpoints up to "
                                                        + String.join(", ", finding.anchoredTo()))
                                        + (finding.elsewhere() == 0
                                                ? ""
                                                : "; " + finding.elsewhere()
                                                        + " checkpoints were signed by other keys and are checked where those are kept")
                                : finding.records() + " records held; then: "
                                        + finding.fault().get());
            }
            return finding.fault().isEmpty() ? ExitStatus.DONE : ExitStatus.WRONG;
        }
    }

    @Command(name = "export", description = "Records as JSON lines or CSV.")
    int export(
            @Mixin Setup own,
            @Mixin FilterOptions filter,
            @Mixin RecordOptions options,
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
        try (MessageBox box = own.open(own.routing(), Store.Access.READ)) {
            if (format.equals("csv")) {
                out.println(String.join(",", columns));
            }
            box.ledger().read(filter(box, filter, options), each -> {
                Map<String, Object> map = each.asMap();
                out.println(
                        format.equals("jsonl")
                                ? Output.json(map)
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

    private static AuditFilter filter(MessageBox box, FilterOptions filter, RecordOptions options) {
        if (filter.ports().size() > 1 || !filter.states().isEmpty()) {
            throw new UsageException("records are searched by one --port, and have no --state; try --kind");
        }
        Map<String, String> equal = new HashMap<>();
        filter.ports().forEach(port -> equal.put("port", port));
        put(equal, "kind", options.kind == null ? null : options.kind.name());
        put(
                equal,
                "message",
                options.message == null
                        ? null
                        : MessageIds.one(box, options.message).id().value());
        put(equal, "mime_message_id", options.mimeMessageId);
        put(equal, "queue_id", options.queueId);
        Map<String, String> containing = new HashMap<>();
        put(containing, "sender", options.sender);
        put(containing, "subject", options.subject);
        put(containing, "actor", options.actor);
        put(containing, "relay", filter.relay().orElse(null));
        put(containing, "*", filter.error().orElse(null));
        Optional<Instant> since = filter.since();
        return new AuditFilter(
                equal,
                filter.recipient(),
                filter.properties(),
                filter.application(),
                since,
                filter.until(),
                containing);
    }

    private static void put(Map<String, String> map, String name, @Nullable String value) {
        if (value != null) {
            map.put(name, value);
        }
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
