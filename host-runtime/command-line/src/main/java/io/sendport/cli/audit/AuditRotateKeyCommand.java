package io.sendport.cli.audit;

import io.sendport.cli.option.ActOptions;
import io.sendport.cli.option.CommonOptions;
import io.sendport.cli.output.ExitStatus;
import io.sendport.host.operate.LedgerKeys;
import io.sendport.host.operate.Operations;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sendport audit rotate-key}. */
@Command(
        name = "rotate-key",
        description = {
            "Replaces the key that signs the checkpoints of the ledger. The current key signs the change.",
            "Without --public-key, Sendport creates the new key and deletes the old one."
        },
        footer = {
            "",
            "Examples:",
            "  sendport audit rotate-key --reason 'yearly change' --yes",
            "  sendport audit rotate-key --public-key new-token.pem --reason 'key moves to a token' --yes"
        })
final class AuditRotateKeyCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private CommonOptions setup;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private ActOptions act;

    @Option(
            names = "--public-key",
            paramLabel = "FILE",
            description =
                    "A PEM file with the public half of the new key. Set checkpointKey to the new key afterwards.")
    private @Nullable Path publicKey;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        try (Operations operations = setup.changing()) {
            LedgerKeys keys = operations.ledgerKeys();
            String present = keys.fingerprint();
            if (act.dryRun()) {
                out.println("rotate-key: would replace key " + present);
                return ExitStatus.DONE;
            }
            if (!act.confirmed("Replace key " + present + "? The next checkpoint is signed with the new key.")) {
                return ExitStatus.USAGE;
            }
            LedgerKeys.Rotation rotation = keys.rotate(Optional.ofNullable(publicKey), act.actor());
            out.println("rotate-key: key " + rotation.to() + " replaces " + rotation.from()
                    + "; give the new fingerprint to the auditor");
            if (publicKey != null) {
                out.println(
                        "rotate-key: now set checkpointKey of <auditLedger> to the new key, and restart every host instance");
            }
            return ExitStatus.DONE;
        }
    }
}
