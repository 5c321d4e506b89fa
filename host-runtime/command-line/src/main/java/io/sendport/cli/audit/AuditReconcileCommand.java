package io.sendport.cli.audit;

import io.sendport.cli.option.Setup;
import io.sendport.cli.output.ExitStatus;
import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.ledger.reconcile.Difference;
import io.sendport.host.ledger.reconcile.Reconciliation;
import io.sendport.host.operate.Json;
import io.sendport.host.operate.Operations;
import io.sendport.host.operate.Times;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sendport audit reconcile}. */
@Command(
        name = "reconcile",
        description =
                "Compares the ledger with what the relay kept: a Maildir, an mbox, a folder of .eml, a Postfix log.",
        footer = {
            "",
            "Deliveries are paired by Message-ID and SHA-256 of the bytes as they were sent; a log has queue ids in place of bytes.",
            "Exit status 1 when anything differs.",
            "",
            "Examples:",
            "  sendport audit reconcile --archive /var/mail/archive/Maildir",
            "  sendport audit reconcile --archive /var/mail/archive/Maildir --host Mail --relay relay.corp.example",
            "  sendport audit reconcile --archive /var/log/mail.log --since yesterday --until today --ignore-foreign"
        })
final class AuditReconcileCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private Setup setup;

    @Option(names = "--archive", paramLabel = "PATH", required = true, description = "What the relay kept.")
    @SuppressWarnings("NullAway.Init")
    private Path archive;

    @Option(names = "--since", paramLabel = "T", description = "Only what was sent since.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "T", description = "Only what was sent before.")
    private @Nullable String until;

    @Option(names = "--host", paramLabel = "NAME", description = "Only what this host sent.")
    private @Nullable String host;

    @Option(
            names = "--port",
            paramLabel = "NAME",
            description = "Only what this port sent; may be given several times.")
    private List<String> ports = List.of();

    @Option(names = "--relay", paramLabel = "HOST", description = "Only what went to a relay whose name begins so.")
    private @Nullable String relay;

    @Option(
            names = "--ignore-foreign",
            description =
                    "Leaves out archived mails whose Message-ID is none that Sendport makes: other systems' mail.")
    private boolean ignoreForeign;

    @Override
    public Integer call() throws IOException {
        Instant now = Instant.now();
        Optional<Instant> from = Optional.ofNullable(since).map(text -> Times.parse(text, now, ZoneId.systemDefault()));
        Optional<Instant> to = Optional.ofNullable(until).map(text -> Times.parse(text, now, ZoneId.systemDefault()));
        Predicate<AuditRecord> isChosen = each -> {
            Instant at = Instant.parse(each.header("at"));
            return from.filter(at::isBefore).isEmpty()
                    && to.filter(limit -> !at.isBefore(limit)).isEmpty()
                    && (host == null || each.header("host").equals(host))
                    && (ports.isEmpty() || ports.contains(each.header("port")))
                    && (relay == null || each.detail("relay").startsWith(relay));
        };
        PrintWriter out = spec.commandLine().getOut();
        try (Operations operations = setup.reading()) {
            Reconciliation.Summary summary =
                    operations.audit().reconcile(archive, isChosen, ignoreForeign, each -> tell(each, out));
            tell(summary, out);
            return summary.differences().isEmpty() ? ExitStatus.DONE : ExitStatus.WRONG;
        }
    }

    private void tell(Difference each, PrintWriter out) {
        if (setup.json()) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("difference", each.kind());
            map.put("mimeMessageId", each.mimeMessageId());
            map.put("record", each.record());
            map.put("message", each.message());
            map.put("archive", each.found());
            out.println(Json.write(map));
            return;
        }
        out.println(switch (each.kind()) {
                    case LEDGER_ONLY -> "on the ledger only    ";
                    case ARCHIVE_ONLY -> "in the archive only   ";
                    case DIFFERS -> "differs               ";
                }
                + (each.mimeMessageId().isEmpty() ? "no Message-ID" : printable(each.mimeMessageId()))
                + (each.record().isEmpty() ? "" : "  record " + each.record() + "  message " + each.message())
                + (each.found().isEmpty() ? "" : "  " + printable(each.found())));
    }

    /** The archive is nobody's we know: nothing in it may act on a terminal. */
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    private void tell(Reconciliation.Summary summary, PrintWriter out) {
        if (setup.json()) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("both", summary.both());
            map.put("ledgerOnly", summary.count(Difference.Kind.LEDGER_ONLY));
            map.put("archiveOnly", summary.count(Difference.Kind.ARCHIVE_ONLY));
            map.put("differs", summary.count(Difference.Kind.DIFFERS));
            map.put("inDoubtArrived", summary.arrived());
            map.put("inDoubtUnknown", summary.unknown());
            map.put("foreign", summary.foreign());
            map.put("bytesCompared", summary.hasBytes());
            out.println(Json.write(map));
            return;
        }
        out.println(summary.both() + " on the ledger and in the archive, "
                + (summary.hasBytes() ? "byte for byte" : "by queue id (a log holds no bytes)") + "; "
                + summary.count(Difference.Kind.LEDGER_ONLY) + " on the ledger only, "
                + summary.count(Difference.Kind.ARCHIVE_ONLY) + " in the archive only, "
                + summary.count(Difference.Kind.DIFFERS) + " differ");
        if (summary.arrived() + summary.unknown() > 0) {
            out.println("in doubt on the ledger: " + summary.arrived() + " in the archive, " + summary.unknown()
                    + " not there");
        }
        if (summary.foreign() > 0) {
            out.println(summary.foreign() + " mails of other systems left out");
        }
    }
}
