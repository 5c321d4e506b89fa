package io.sendport.cli.audit;

import io.sendport.cli.option.CommonOptions;
import io.sendport.cli.option.UsageException;
import io.sendport.cli.output.ExitStatus;
import io.sendport.host.box.control.Actor;
import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.ledger.reconcile.Difference;
import io.sendport.host.ledger.reconcile.Reconciliation;
import io.sendport.host.operate.Json;
import io.sendport.host.operate.Operations;
import io.sendport.host.operate.Times;
import io.sendport.support.text.Text;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
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
                "Compares the ledger with the relay's archive: a Maildir, an mbox, a folder of .eml files or a Postfix log.",
        footer = {
            "",
            "Deliveries match by Message-ID and by the SHA-256 of the bytes that were sent. With a log they match by queue id.",
            "Exit status 1 if there is a difference. With --record, the result becomes a record RECONCILED.",
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
    private CommonOptions setup;

    @Option(names = "--archive", paramLabel = "PATH", required = true, description = "The archive or log of the relay.")
    @SuppressWarnings("NullAway.Init")
    private Path archive;

    @Option(names = "--since", paramLabel = "T", description = "Compare only mails sent at this time or later.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "T", description = "Compare only mails sent before this time.")
    private @Nullable String until;

    @Option(names = "--host", paramLabel = "NAME", description = "Compare only mails of this host.")
    private @Nullable String host;

    @Option(names = "--port", paramLabel = "NAME", description = "Compare only mails of this port; repeatable.")
    private List<String> ports = List.of();

    @Option(
            names = "--relay",
            paramLabel = "HOST",
            description = "Compare only mails to relays whose name starts with HOST.")
    private @Nullable String relay;

    @Option(
            names = "--ignore-foreign",
            description =
                    "Ignore archived mails of other systems, which have a Message-ID that Sendport would not create.")
    private boolean ignoreForeign;

    @Option(names = "--record", description = "Put the result on the ledger, where the console shows it.")
    private boolean record;

    @Option(names = "--reason", paramLabel = "TEXT", description = "The reason, for the ledger; only with --record.")
    private @Nullable String reason;

    @Override
    public Integer call() throws IOException {
        Instant now = Instant.now();
        Optional<Instant> from = Optional.ofNullable(since).map(text -> Times.parse(text, now, ZoneId.systemDefault()));
        Optional<Instant> to = Optional.ofNullable(until).map(text -> Times.parse(text, now, ZoneId.systemDefault()));
        Predicate<AuditRecord> isChosen = each -> {
            Instant at = each.at();
            return from.filter(at::isBefore).isEmpty()
                    && to.filter(limit -> !at.isBefore(limit)).isEmpty()
                    && (host == null || each.header("host").equals(host))
                    && (ports.isEmpty() || ports.contains(each.header("port")))
                    && (relay == null || each.detail("relay").startsWith(relay));
        };
        PrintWriter out = spec.commandLine().getOut();
        if (reason != null && !record) {
            throw new UsageException("--reason has no effect without --record.");
        }
        try (Operations operations = record ? setup.changing() : setup.reading()) {
            Reconciliation.Summary summary =
                    operations.audit().reconcile(archive, isChosen, ignoreForeign, each -> print(each, out));
            print(summary, out);
            if (summary.isEmpty()) {
                spec.commandLine()
                        .getErr()
                        .println(
                                "sendport: nothing was compared: neither the ledger nor the archive has a mail in this scope."
                                        + " Check --archive, --since, --until, --host, --port and --relay.");
            }
            if (record) {
                operations.audit().record(summary, archive, scope(from, to), Actor.here(reason == null ? "" : reason));
            }
            return summary.differences().isEmpty() ? ExitStatus.DONE : ExitStatus.WRONG;
        }
    }

    /** Which mails were compared; empty for all. */
    private String scope(Optional<Instant> from, Optional<Instant> to) {
        List<String> parts = new ArrayList<>();
        from.ifPresent(at -> parts.add("since " + at));
        to.ifPresent(at -> parts.add("until " + at));
        if (host != null) {
            parts.add("host " + host);
        }
        ports.forEach(each -> parts.add("port " + each));
        if (relay != null) {
            parts.add("relay " + relay);
        }
        if (ignoreForeign) {
            parts.add("without mails of other systems");
        }
        return String.join(", ", parts);
    }

    private void print(Difference each, PrintWriter out) {
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

    /** Replaces control characters. The archive is untrusted, so nothing in it may control the terminal. */
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    private void print(Reconciliation.Summary summary, PrintWriter out) {
        if (setup.json()) {
            out.println(Json.write(summary.fields()));
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
            out.println(Text.counted(summary.foreign(), "mail") + " of other systems ignored");
        }
    }
}
