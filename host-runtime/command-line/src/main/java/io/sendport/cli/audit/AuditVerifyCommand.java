package io.sendport.cli.audit;

import io.sendport.cli.option.CommonOptions;
import io.sendport.cli.option.UsageException;
import io.sendport.cli.output.ExitStatus;
import io.sendport.host.operate.Audit;
import io.sendport.host.operate.Json;
import io.sendport.host.operate.Operations;
import io.sendport.host.operate.VerificationReport;
import java.io.PrintWriter;
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
        description =
                "Recomputes the hash chains. Shows how many records are valid, how far they are anchored, and the first invalid one.",
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
    private CommonOptions setup;

    @Option(
            names = "--export",
            paramLabel = "FILE",
            description = "Verify a file that `audit export` wrote. Needs no store and no configuration.")
    private @Nullable Path export;

    @Option(
            names = "--checkpoints",
            paramLabel = "FOLDER",
            description = "With --export: the folder with the checkpoints and the public key.")
    private @Nullable Path folder;

    @Option(
            names = "--key",
            paramLabel = "FINGERPRINT",
            description = {
                "Trust only this key, and keys that it names as its successors; repeatable.",
                "Default: trustedKeys of the configuration, or else, for each lane, the key that signed its first checkpoint."
            })
    private List<String> keys = List.of();

    @Option(
            names = "--accept",
            paramLabel = "ID",
            description = "Accept the known restore, loss or unsigned line with this id; repeatable.")
    private List<String> accepted = List.of();

    @Option(
            names = "--selection",
            description = "With --export: the file was written with a FILTER, so records may be missing.")
    private boolean selection;

    @Override
    public Integer call() {
        long started = System.nanoTime();
        Path file = export;
        if (file == null && (folder != null || selection)) {
            throw new UsageException("--checkpoints and --selection need --export");
        }
        VerificationReport report = file == null
                ? ofStore()
                : Audit.verifyExport(file, Optional.ofNullable(folder), selection, keys, Set.copyOf(accepted));
        PrintWriter out = spec.commandLine().getOut();
        double seconds = (System.nanoTime() - started) / 1e9;
        if (setup.json()) {
            out.println(Json.write(report.asMap(seconds)));
        } else {
            report.lines(seconds).forEach(out::println);
        }
        return report.isClean() ? ExitStatus.DONE : ExitStatus.WRONG;
    }

    private VerificationReport ofStore() {
        PrintWriter err = spec.commandLine().getErr();
        try (Operations operations = setup.reading()) {
            return operations
                    .audit()
                    .verify(
                            keys,
                            Set.copyOf(accepted),
                            held -> err.println(String.format(Locale.ROOT, "%,d records verified so far", held)));
        }
    }
}
