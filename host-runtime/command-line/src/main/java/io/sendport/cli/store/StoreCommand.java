package io.sendport.cli.store;

import io.sendport.cli.option.ActOptions;
import io.sendport.cli.option.CommonOptions;
import io.sendport.cli.option.DatabaseUser;
import io.sendport.cli.option.UsageException;
import io.sendport.cli.output.ExitStatus;
import io.sendport.config.MessageBoxSettings;
import io.sendport.config.Routing;
import io.sendport.host.box.control.Actor;
import io.sendport.host.operate.BackupCompanion;
import io.sendport.host.operate.Operations;
import io.sendport.host.operate.Times;
import io.sendport.host.operate.store.StoreRestore;
import io.sendport.host.process.StorePacking;
import io.sendport.host.process.StoreUpgrade;
import io.sendport.support.text.Text;
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
        description = "Backs up, restores, moves and upgrades the message box; manages the keys that encrypt bodies.",
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
                "Creates the database tables, or upgrades them, as their owner.",
                "Asks programs of an earlier version to stop, and waits for them. Backs up a SQLite file first;"
                        + " back up a PostgreSQL database yourself and name the backup with --backup."
            },
            footer = {
                "",
                "Example:",
                "  sendport store migrate --user sendport_owner --password-file owner.txt --backup \"pg_dump of 28 November\""
            })
    int migrate(
            @Mixin CommonOptions own,
            @Mixin DatabaseUser user,
            @Option(
                            names = "--backup",
                            paramLabel = "TEXT",
                            description = "The name of the backup that you made of the database.")
                    @Nullable
                    String backup,
            @Option(names = "--reason", paramLabel = "TEXT", description = "The reason, for the ledger.") @Nullable
                    String reason,
            @Option(
                            names = "--wait",
                            paramLabel = "DURATION",
                            defaultValue = "2m",
                            description = "How long to wait until programs of an earlier version have stopped, such as"
                                    + " 90s or 2m. After that the command fails and changes no table."
                                    + " Default: ${DEFAULT-VALUE}.")
                    String patience)
            throws IOException {
        Routing routing = own.routing();
        MessageBoxSettings settings = user.of(routing.messageBox());
        PrintWriter err = spec.commandLine().getErr();
        StoreUpgrade upgrade =
                new StoreUpgrade(settings, Times.duration(patience), line -> err.println("sendport: " + line));
        Optional<String> done = upgrade.run(backup == null ? "" : backup, Actor.here(reason == null ? "" : reason));
        PrintWriter out = spec.commandLine().getOut();
        out.println("migrate: " + done.orElse("the message box is up to date"));
        long packed = new StorePacking(settings, routing.auditLedger(), line -> err.println("sendport: " + line)).run();
        if (packed > 0) {
            out.println("migrate: packed " + packed + " records of earlier versions");
        }
        return ExitStatus.DONE;
    }

    @Command(
            name = "accept-loss",
            description = {
                "Accepts that the database lost commits that it had acknowledged. Host instances then claim messages again.",
                "Messages that had not ended when the loss was found are in doubt: compare them with the relay, then resume or resolve them."
            },
            footer = {"", "Example:", "  sendport store accept-loss --reason \"promoted a standby that was behind\""})
    int acceptLoss(@Mixin CommonOptions own, @Mixin ActOptions act) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        try (Operations operations = own.changing()) {
            Optional<String> lost = operations.stores().loss();
            if (lost.isEmpty()) {
                out.println("accept-loss: no loss has been declared");
                return ExitStatus.WRONG;
            }
            if (act.dryRun()) {
                out.println("accept-loss: would accept: " + lost.get());
                return ExitStatus.DONE;
            }
            if (act.actor().reason().isBlank()) {
                throw new UsageException("accept-loss needs --reason TEXT");
            }
            if (!act.confirmed(
                    "Accept this loss: " + lost.get()
                            + "? New messages are sent again. Those that had not ended when the loss was found stay in doubt.")) {
                return ExitStatus.USAGE;
            }
            operations.stores().acceptLoss(act.actor());
            out.println("accept-loss: accepted; messages are claimed again. List messages in doubt with:"
                    + " sendport messages list --state inDoubt");
            return ExitStatus.DONE;
        }
    }

    @Command(
            name = "backup",
            description = "Writes a consistent copy of a SQLite message box, messages and ledger, while hosts run.",
            footer = {"", "Example:", "  sendport store backup /backup/sendport-monday.db"})
    int backup(
            @Mixin CommonOptions own, @Parameters(paramLabel = "FILE", description = "The file to write.") Path file) {
        try (Operations operations = own.reading()) {
            long atLeast = operations.stores().backUp(file);
            PrintWriter out = spec.commandLine().getOut();
            out.println("backup: written to " + file + ", with at least " + atLeast + " ledger records");
            List<BackupCompanion> companions = operations.stores().companions();
            if (!companions.isEmpty()) {
                out.println(
                        "To restore on another machine, also copy the configuration, the files that it names, and:");
                companions.forEach(each -> out.println("  " + each.path() + "   " + each.why()
                        + (each.isSecret() ? "; keep it encrypted, apart from the backup" : "")));
            }
            return ExitStatus.DONE;
        }
    }

    @Command(
            name = "restore",
            description =
                    "Replaces the message box with a backup. Suspends its open messages, because they may have been sent after the backup.",
            footer = {"", "Example:", "  sendport store restore --reason \"disk lost\" /backup/sendport-monday.db"})
    int restore(
            @Mixin CommonOptions own,
            @Mixin ActOptions act,
            @Parameters(paramLabel = "FILE", description = "The backup to restore.") Path file)
            throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        StoreRestore restoring = new StoreRestore(own.routing(), Clock.systemUTC(), warning -> spec.commandLine()
                .getErr()
                .println("sendport: " + warning));
        if (act.dryRun()) {
            out.println("restore: would replace " + restoring.target() + " with " + file);
            return ExitStatus.DONE;
        }
        if (!act.confirmed("Replace " + restoring.target() + " with " + file
                + "? All open messages of the backup will be suspended.")) {
            return ExitStatus.USAGE;
        }
        StoreRestore.Restored restored = restoring.restore(file, act.actor());
        restored.aside().ifPresent(old -> out.println("restore: the previous message box is now " + old));
        out.println("restore: suspended " + Text.counted(restored.suspended(), "open message")
                + "; compare with the relay before you resume");
        return ExitStatus.DONE;
    }
}
