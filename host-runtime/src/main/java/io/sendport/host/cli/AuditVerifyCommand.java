package io.sendport.host.cli;

import io.sendport.config.Routing;
import io.sendport.host.box.MessageBox;
import io.sendport.host.ledger.Checkpoints;
import io.sendport.host.ledger.ExportVerification;
import io.sendport.host.ledger.Verification;
import io.sendport.host.store.Store;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
            "  sendport audit verify --export ledger.jsonl --checkpoints /mnt/worm/sendport"
        })
final class AuditVerifyCommand implements Callable<Integer> {

    private static final long WORTH_A_RATE = 100_000;

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
        Verification.Finding finding = file == null ? store() : file(file);
        tell(finding, (System.nanoTime() - started) / 1e9);
        return finding.fault().isEmpty() ? ExitStatus.DONE : ExitStatus.WRONG;
    }

    private Verification.Finding store() {
        Routing routing = setup.routing();
        try (MessageBox box = setup.open(routing, Store.Access.READ)) {
            Checkpoints checkpoints = Checkpoints.of(routing.messageBox().place(), Optional.of(routing.auditLedger()));
            PrintWriter err = spec.commandLine().getErr();
            return new Verification(
                            box.store(),
                            checkpoints,
                            held -> err.println(String.format(Locale.ROOT, "%,d records held so far", held)))
                    .run();
        }
    }

    private Verification.Finding file(Path file) {
        Path kept = folder;
        if (!Files.isReadable(file)) {
            throw new UsageException("there is no file " + file + " that can be read");
        }
        if (kept != null && !Files.isReadable(kept.resolve("checkpoints.jsonl"))) {
            throw new UsageException("there is no checkpoints.jsonl in " + kept);
        }
        try {
            return new ExportVerification(Optional.ofNullable(kept).map(Checkpoints::kept), selection).run(file);
        } catch (IOException e) {
            throw new UsageException(file + " can't be read: " + e.getMessage());
        }
    }

    private void tell(Verification.Finding finding, double seconds) {
        PrintWriter out = spec.commandLine().getOut();
        if (setup.json()) {
            Map<String, Object> map = new TreeMap<>();
            map.put("records", finding.records());
            map.put("begins", finding.begins());
            map.put("ends", finding.ends());
            map.put("anchored", finding.anchored());
            map.put("anchoredTo", finding.anchoredTo());
            map.put("elsewhere", finding.elsewhere());
            map.put("erased", finding.erased());
            map.put("millis", Math.round(seconds * 1000));
            finding.stamped().ifPresent(stamped -> map.put("stamped", stamped));
            finding.fault().ifPresent(fault -> map.put("fault", fault));
            out.println(Output.json(map));
            return;
        }
        out.println(finding.records() + " records held"
                + finding.fault().map(fault -> "; then: " + fault).orElse(", nothing missing; " + anchored(finding)));
        finding.stamped().ifPresent(out::println);
        if (finding.fault().isEmpty() && finding.records() > 0) {
            out.println("up to " + String.join(", ", finding.ends())
                    + (finding.begins().isEmpty()
                            ? ", from the first"
                            : ", after " + String.join(", ", finding.begins())
                                    + ", where older ones were pruned or left out")
                    + (finding.erased() == 0 ? "" : "; private parts of " + finding.erased() + " were erased")
                    + String.format(Locale.ROOT, "; %.1f s", seconds)
                    + (finding.records() < WORTH_A_RATE
                            ? ""
                            : String.format(Locale.ROOT, ", %.1f s a million", seconds * 1e6 / finding.records())));
        }
    }

    private String anchored(Verification.Finding finding) {
        String here = finding.anchored() == 0
                ? export == null
                        ? "no checkpoint yet, so nothing is anchored outside the store"
                        : "not held against checkpoints, so the end may have been cut off or all of it written anew"
                : "anchored by signed checkpoints up to " + String.join(", ", finding.anchoredTo());
        return here
                + (finding.elsewhere() == 0
                        ? ""
                        : "; " + finding.elsewhere()
                                + " checkpoints were signed by other keys and are checked where those are kept");
    }
}
