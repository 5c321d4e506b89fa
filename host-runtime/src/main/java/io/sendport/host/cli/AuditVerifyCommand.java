package io.sendport.host.cli;

import io.sendport.config.Routing;
import io.sendport.host.box.MessageBox;
import io.sendport.host.ledger.Checkpoints;
import io.sendport.host.ledger.ExportVerification;
import io.sendport.host.ledger.Notice;
import io.sendport.host.ledger.Trust;
import io.sendport.host.ledger.Verification;
import io.sendport.host.store.Store;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sendport audit verify}. */
@Command(
        name = "verify",
        description = "Recomputes the chains: how much held, up to where it is anchored, the first that does not hold.",
        footer = {
            "",
            "Examples:",
            "  sendport audit verify",
            "  sendport audit verify --key 5f1c...e09a",
            "  sendport audit verify --export ledger.jsonl --checkpoints /mnt/worm/sendport"
        })
final class AuditVerifyCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private Setup setup;

    @Option(
            names = "--export",
            paramLabel = "FILE",
            description = "Checks a file that `audit export` wrote; needs no store and no configuration.")
    private @Nullable Path export;

    @Option(
            names = "--checkpoints",
            paramLabel = "FOLDER",
            description = "With --export: where checkpoints and the public key were kept.")
    private @Nullable Path folder;

    @Option(
            names = "--key",
            paramLabel = "FINGERPRINT",
            description = {
                "Only signatures of this key count; may be given several times.",
                "Without it those of trustedKeys in the configuration, else of each lane the key that signed its first checkpoint."
            })
    private List<String> keys = List.of();

    @Option(
            names = "--accept",
            paramLabel = "ID",
            description = "You know of the restore, loss or line with this id; may be given several times.")
    private List<String> accepted = List.of();

    @Option(
            names = "--selection",
            description = "With --export: it was written with a FILTER, so records may be missing.")
    private boolean selection;

    @Override
    public Integer call() {
        long started = System.nanoTime();
        Path file = export;
        if (file == null && (folder != null || selection)) {
            throw new UsageException("--checkpoints and --selection go with --export");
        }
        Verified verified = file == null ? store() : file(file);
        requireKnown(verified.finding());
        VerificationReport report = new VerificationReport(verified.finding(), verified.anchors());
        PrintWriter out = spec.commandLine().getOut();
        double seconds = (System.nanoTime() - started) / 1e9;
        if (setup.json()) {
            out.println(Output.json(report.asMap(seconds)));
        } else {
            report.lines(seconds).forEach(out::println);
        }
        return verified.finding().isClean() ? ExitStatus.DONE : ExitStatus.WRONG;
    }

    private record Verified(Verification.Finding finding, VerificationReport.Place anchors) {}

    /** An id that names nothing is a slip of the pen, and must not look as if it had been heeded. */
    private void requireKnown(Verification.Finding finding) {
        List<String> known = finding.notices().stream().map(Notice::id).toList();
        for (String id : accepted) {
            if (!known.contains(id)) {
                throw new UsageException("--accept " + id + " names nothing that this verification found");
            }
        }
    }

    private Verification.Auditor auditor(Trust otherwise) {
        try {
            return new Verification.Auditor(keys.isEmpty() ? otherwise : Trust.in(keys), Set.copyOf(accepted));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--key: " + e.getMessage());
        }
    }

    private Verified store() {
        Routing routing = setup.routing();
        Path place = routing.messageBox().place();
        try (MessageBox box = setup.open(routing, Store.Access.READ)) {
            Checkpoints checkpoints = Checkpoints.of(place, Optional.of(routing.auditLedger()));
            PrintWriter err = spec.commandLine().getErr();
            Verification.Finding finding = new Verification(
                            box.store(),
                            checkpoints,
                            auditor(checkpoints.trust()),
                            held -> err.println(String.format(Locale.ROOT, "%,d records held so far", held)))
                    .run();
            return new Verified(
                    finding,
                    checkpoints.areBeside(place)
                            ? VerificationReport.Place.BESIDE_STORE
                            : VerificationReport.Place.ELSEWHERE);
        }
    }

    private Verified file(Path file) {
        Path kept = folder;
        if (!Files.isReadable(file)) {
            throw new UsageException("there is no file " + file + " that can be read");
        }
        if (kept != null && !Files.isReadable(kept.resolve("checkpoints.jsonl"))) {
            throw new UsageException("there is no checkpoints.jsonl in " + kept);
        }
        try {
            Verification.Finding finding = new ExportVerification(
                            Optional.ofNullable(kept).map(Checkpoints::kept), auditor(Trust.FIRST_USE), selection)
                    .run(file);
            return new Verified(
                    finding, kept == null ? VerificationReport.Place.NONE : VerificationReport.Place.ELSEWHERE);
        } catch (IOException e) {
            throw new UsageException(file + " can't be read: " + e.getMessage());
        }
    }
}
