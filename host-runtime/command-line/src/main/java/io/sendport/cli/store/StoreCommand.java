package io.sendport.cli.store;

import io.sendport.cli.option.ActOptions;
import io.sendport.cli.option.DatabaseUser;
import io.sendport.cli.option.Setup;
import io.sendport.cli.option.UsageException;
import io.sendport.cli.output.ExitStatus;
import io.sendport.config.MessageBoxSettings;
import io.sendport.host.box.control.Actor;
import io.sendport.host.operate.Companion;
import io.sendport.host.operate.Operations;
import io.sendport.host.operate.Times;
import io.sendport.host.operate.store.Restoring;
import io.sendport.host.process.StoreUpgrade;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sendport store}. */
@Command(
        name = "store",
        description = "Backup, restore, move and upgrade of the message box; keys of bodies.",
        subcommands = {CopyCommand.class, StoreKeysCommand.class, StoreNewKeyCommand.class},
        footer = {
            "",
            "Examples:",
            "  sendport store backup /backup/sendport-monday.db",
            "  sendport store restore /backup/sendport-monday.db",
            "  sendport store migrate --user sendport_owner --password-file owner.txt --backup 'pg_dump of 2 May'",
            "  sendport store accept-loss --reason 'standby promoted, compared with the relay'"
        })
public final class StoreCommand {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Command(
            name = "migrate",
            description = {
                "Makes the tables, or brings them up to date, as their owner.",
                "Programs of an earlier version are told to end, and are waited for. Of a SQLite file a backup is made first;"
                        + " of a PostgreSQL database you make one, and name it."
            },
            footer = {
                "",
                "Example:",
                "  sendport store migrate --user sendport_owner --password-file owner.txt --backup \"pg_dump of 28 November\""
            })
    int migrate(
            @Mixin Setup own,
            @Mixin DatabaseUser user,
            @Option(
                            names = "--backup",
                            paramLabel = "TEXT",
                            description = "Names the backup of the database that was made before.")
                    @Nullable
                    String backup,
            @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the ledger.") @Nullable
                    String reason,
            @Option(
                            names = "--wait",
                            paramLabel = "DURATION",
                            defaultValue = "2m",
                            description = "How long to wait for programs of an earlier version; ${DEFAULT-VALUE}.")
                    String patience)
            throws IOException {
        MessageBoxSettings settings = user.of(own.routing().messageBox());
        PrintWriter err = spec.commandLine().getErr();
        StoreUpgrade upgrade =
                new StoreUpgrade(settings, Times.duration(patience), line -> err.println("sendport: " + line));
        Optional<String> done = upgrade.run(backup == null ? "" : backup, Actor.here(reason == null ? "" : reason));
        spec.commandLine().getOut().println("migrate: " + done.orElse("the message box is up to date"));
        return ExitStatus.DONE;
    }

    @Command(
            name = "accept-loss",
            description = {
                "Records that you accept what the database lost of what it had acknowledged; messages are claimed again.",
                "What was open when the loss was found is in doubt: compare it with the relay, then resume or resolve it."
            },
            footer = {"", "Example:", "  sendport store accept-loss --reason \"promoted a standby that was behind\""})
    int acceptLoss(@Mixin Setup own, @Mixin ActOptions act) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        try (Operations operations = own.changing()) {
            Optional<String> lost = operations.stores().loss();
            if (lost.isEmpty()) {
                out.println("accept-loss: nothing is declared to be lost");
                return ExitStatus.WRONG;
            }
            if (act.dryRun()) {
                out.println("accept-loss: would accept: " + lost.get());
                return ExitStatus.DONE;
            }
            if (act.actor().reason().isBlank()) {
                throw new UsageException("give the reason: --reason TEXT");
            }
            if (!act.confirmed("accept this loss: " + lost.get() + "?")) {
                return ExitStatus.USAGE;
            }
            operations.stores().acceptLoss(act.actor());
            out.println("accept-loss: accepted; messages are claimed again. List those in doubt with:"
                    + " sendport messages list --state inDoubt");
            return ExitStatus.DONE;
        }
    }

    @Command(
            name = "backup",
            description = "A copy of one moment, messages and ledger, while hosts run.",
            footer = {"", "Example:", "  sendport store backup /backup/sendport-monday.db"})
    int backup(@Mixin Setup own, @Parameters(paramLabel = "FILE", description = "The backup.") Path file) {
        try (Operations operations = own.reading()) {
            long atLeast = operations.stores().backUp(file);
            PrintWriter out = spec.commandLine().getOut();
            out.println("backup: " + file + ", " + atLeast + " records of the ledger at least");
            List<Companion> companions = operations.stores().companions();
            if (!companions.isEmpty()) {
                out.println("For another machine copy also, with the configuration and what it names:");
                companions.forEach(each -> out.println("  " + each.path() + "   " + each.why()
                        + (each.isSecret() ? "; keep it apart from the backup, encrypted" : "")));
            }
            return ExitStatus.DONE;
        }
    }

    @Command(
            name = "restore",
            description =
                    "Puts a backup in the place of the message box. What had not ended in it is suspended, since it may have left meanwhile.",
            footer = {"", "Example:", "  sendport store restore --reason \"disk lost\" /backup/sendport-monday.db"})
    int restore(
            @Mixin Setup own,
            @Mixin ActOptions act,
            @Parameters(paramLabel = "FILE", description = "The backup.") Path file)
            throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Restoring restoring = new Restoring(own.routing(), Clock.systemUTC(), warning -> spec.commandLine()
                .getErr()
                .println("sendport: " + warning));
        if (act.dryRun()) {
            out.println("restore: would put " + file + " in the place of " + restoring.target());
            return ExitStatus.DONE;
        }
        if (!act.confirmed("put " + file + " in the place of " + restoring.target() + "?")) {
            return ExitStatus.USAGE;
        }
        Restoring.Restored restored = restoring.restore(file, act.actor());
        restored.aside().ifPresent(old -> out.println("restore: what was there is " + old));
        out.println("restore: " + restored.suspended()
                + " messages suspended that had not ended; compare them with the relay before you resume them");
        return ExitStatus.DONE;
    }
}
