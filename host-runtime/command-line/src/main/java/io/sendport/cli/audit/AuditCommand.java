package io.sendport.cli.audit;

import io.sendport.cli.option.AuditOptions;
import io.sendport.cli.option.CommandGroup;
import io.sendport.cli.option.CommonOptions;
import io.sendport.cli.option.UsageException;
import io.sendport.cli.output.ExitStatus;
import io.sendport.cli.output.Output;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.operate.Audit;
import io.sendport.host.operate.Json;
import io.sendport.host.operate.Operations;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sendport audit}. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = "Searches, exports and verifies the audit ledger.",
        subcommands = {
            AuditVerifyCommand.class,
            AuditReportCommand.class,
            AuditReconcileCommand.class,
            AuditEraseCommand.class,
            AuditPruneCommand.class,
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
public final class AuditCommand extends CommandGroup {

    private static final long FOLLOW_MILLIS = 300;

    /** The columns of the CSV export. */
    private static final List<String> COLUMNS = List.of(
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

    @Command(
            name = "search",
            description = "Searches records, oldest first.",
            footer = {
                "",
                "Examples:",
                "  sendport audit search --recipient ann@customer.example --since 30d",
                "  sendport audit search --kind PORT_STATE --follow"
            })
    int search(
            @Mixin CommonOptions own,
            @Mixin AuditOptions options,
            @Option(names = "--limit", paramLabel = "N", description = "List only the newest N.")
                    Optional<Integer> limit,
            @Option(names = "--follow", description = "Print new records as they are written, until Ctrl-C.")
                    boolean follow)
            throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        try (Operations operations = own.reading()) {
            Audit audit = operations.audit();
            AuditFilter filter = options.filter(operations);
            Audit.Position position = audit.search(filter, limit, each -> print(own, each, out));
            while (follow) {
                out.flush();
                Thread.sleep(FOLLOW_MILLIS);
                audit.follow(filter, position, each -> print(own, each, out));
            }
            return ExitStatus.DONE;
        }
    }

    @Command(
            name = "show",
            description = "Shows one record in full.",
            footer = {"", "Example:", "  sendport audit show 0:4711 --proof"})
    int show(
            @Mixin CommonOptions own,
            @Parameters(paramLabel = "[LANE:]SEQ", description = "The position of the record. Default lane: 0.")
                    String place,
            @Option(
                            names = "--proof",
                            description =
                                    "Print one line of JSON with the proof. `audit verify --export --selection` checks it.")
                    boolean proof) {
        PrintWriter out = spec.commandLine().getOut();
        try (Operations operations = own.reading()) {
            AuditRecord found = operations.audit().record(place);
            if (proof) {
                Audit.Proof proved = operations.audit().proof(found);
                if (!proved.isSigned()) {
                    spec.commandLine()
                            .getErr()
                            .println("sendport: no signed checkpoint covers record " + found.lane() + ":" + found.seq()
                                    + " yet, so its proof has no signature");
                }
                out.println(Json.write(proved.json()));
            } else if (own.json()) {
                out.println(Json.write(found));
            } else {
                found.asMap().forEach((name, value) -> show(name, value, out));
            }
            return ExitStatus.DONE;
        }
    }

    private static void show(String name, Object value, PrintWriter out) {
        if (!(value instanceof List<?> list)) {
            out.println(name + "  " + value);
            return;
        }
        out.println(name);
        for (Object each : list) {
            out.println("  "
                    + (each instanceof Map<?, ?> facts
                            ? facts.entrySet().stream()
                                    .map(fact -> fact.getKey() + " " + fact.getValue())
                                    .collect(Collectors.joining(", "))
                            : each));
        }
    }

    @Command(
            name = "export",
            description = "Exports records lane by lane, as JSON lines with their proofs, or as CSV.",
            footer = {"", "Example:", "  sendport audit export --since 2026-11-01 --until 2026-12-01"})
    int export(
            @Mixin CommonOptions own,
            @Mixin AuditOptions options,
            @Option(
                            names = "--format",
                            paramLabel = "F",
                            defaultValue = "jsonl",
                            description = "jsonl or csv. Default: ${DEFAULT-VALUE}.")
                    String format) {
        if (!Set.of("jsonl", "csv").contains(format)) {
            throw new UsageException("--format " + format + " is not supported; use jsonl or csv");
        }
        PrintWriter out = spec.commandLine().getOut();
        try (Operations operations = own.reading()) {
            if (format.equals("csv")) {
                out.println(String.join(",", COLUMNS));
            }
            operations
                    .audit()
                    .export(
                            options.filter(operations),
                            each -> out.println(
                                    format.equals("jsonl")
                                            ? Json.write(each.proof().get())
                                            : csv(each.record().asMap())));
            return ExitStatus.DONE;
        }
    }

    private static String csv(Map<String, Object> record) {
        return COLUMNS.stream().map(name -> csv(record.get(name))).collect(Collectors.joining(","));
    }

    /** Writes a cell in quotes, so that a spreadsheet never reads it as a formula. */
    static String csv(@Nullable Object value) {
        String text = value == null
                ? ""
                : value instanceof List<?> list ? Json.write(Map.of("list", list)) : value.toString();
        boolean formula = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0;
        return "\"" + (formula ? "'" : "") + text.replace("\"", "\"\"") + "\"";
    }

    private static void print(CommonOptions own, AuditRecord each, PrintWriter out) {
        if (own.json()) {
            out.println(Json.write(each));
            return;
        }
        String recipients = each.secret().get("recipients") instanceof List<?> list
                ? " to "
                        + String.join(
                                ", ", list.stream().map(AuditCommand::address).toList())
                : "";
        out.println(each.header("lane") + ":" + each.header("seq") + "  "
                + Output.time(each.at()) + "  "
                + each.header("kind")
                + (each.header("port").isEmpty() ? "" : "  " + each.header("port"))
                + (each.header("message").isEmpty() ? "" : "  " + each.header("message"))
                + recipients
                + (each.detail("queueId").isEmpty() ? "" : "  queued as " + each.detail("queueId"))
                + RecordText.facts(each).stream().map(fact -> "  " + fact).collect(Collectors.joining())
                + (each.detail("actor").isEmpty() ? "" : "  by " + each.detail("actor"))
                + (each.detail("detail").isEmpty() ? "" : "  " + each.detail("detail")));
    }

    private static String address(Object recipient) {
        return recipient instanceof Map<?, ?> map ? String.valueOf(map.get("address")) : "";
    }
}
