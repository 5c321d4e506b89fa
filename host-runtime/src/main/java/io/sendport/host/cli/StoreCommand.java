package io.sendport.host.cli;

import io.sendport.config.MessageBoxSettings;
import io.sendport.config.Routing;
import io.sendport.host.box.Actor;
import io.sendport.host.box.MessageAct;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageFilter;
import io.sendport.host.box.MessageRow;
import io.sendport.host.decide.Terms;
import io.sendport.host.ledger.Abandonment;
import io.sendport.host.ledger.Checkpoints;
import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.process.StoreLock;
import io.sendport.host.process.StoreUpgrade;
import io.sendport.host.store.Restore;
import io.sendport.host.store.Store;
import io.sendport.host.store.StoreException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
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
        description = "Backup, restore, move and upgrade of the message box.",
        subcommands = {CopyCommand.class},
        footer = {
            "",
            "Examples:",
            "  sendport store backup /backup/sendport-monday.db",
            "  sendport store restore /backup/sendport-monday.db",
            "  sendport store migrate --user sendport_owner --password-file owner.txt --backup 'pg_dump of 2 May'",
            "  sendport store accept-loss --reason 'standby promoted, compared with the relay'"
        })
final class StoreCommand {

    private static final DateTimeFormatter MARK =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss").withZone(ZoneOffset.UTC);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    /** For the name of what is set aside. */
    static String mark(String why) {
        return why + "-" + MARK.format(Instant.now());
    }

    @Command(
            name = "migrate",
            description = {
                "Makes the tables, or brings them up to date, as their owner.",
                "Programs of an earlier version are told to end, and are waited for. Of a SQLite file a backup is made first;"
                        + " of a PostgreSQL database you make one, and name it."
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
            })
    int acceptLoss(@Mixin Setup own, @Mixin ActOptions act) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Routing routing = own.routing();
        try (MessageBox box = own.open(routing, Store.Access.WRITE)) {
            Optional<String> lost = box.losses().declared();
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
            box.losses().accept(act.actor(), checkpoints(routing));
            out.println("accept-loss: accepted; messages are claimed again. List those in doubt with:"
                    + " sendport messages list --state inDoubt");
            return ExitStatus.DONE;
        } catch (GeneralSecurityException e) {
            throw new UsageException("the acceptance cannot be signed: " + e.getMessage());
        }
    }

    private static Checkpoints checkpoints(Routing routing) {
        return Checkpoints.of(routing.messageBox().place(), Optional.of(routing.auditLedger()));
    }

    @Command(name = "backup", description = "A copy of one moment, messages and ledger, while hosts run.")
    int backup(@Mixin Setup own, @Parameters(paramLabel = "FILE") Path file) {
        try (MessageBox box = own.open(own.routing(), Store.Access.READ)) {
            long atLeast = box.ledger().count();
            box.store().backUp(file);
            spec.commandLine().getOut().println("backup: " + file + ", " + atLeast + " records of the ledger at least");
            return ExitStatus.DONE;
        }
    }

    @Command(
            name = "restore",
            description =
                    "Puts a backup in the place of the message box. What had not ended in it is suspended, since it may have left meanwhile.")
    int restore(@Mixin Setup own, @Mixin ActOptions act, @Parameters(paramLabel = "FILE") Path file)
            throws IOException {
        Routing routing = own.routing();
        Path target = routing.messageBox()
                .sqliteFile()
                .orElseThrow(() -> new UsageException("only a SQLite message box is restored from a file"));
        PrintWriter out = spec.commandLine().getOut();
        if (act.dryRun()) {
            out.println("restore: would put " + file + " in the place of " + target);
            return ExitStatus.DONE;
        }
        if (!act.confirmed("put " + file + " in the place of " + target + "?")) {
            return ExitStatus.USAGE;
        }
        // Made ready beside the store, so that nothing of it can be sent before it is.
        Path ready = Restore.beside(file, target);
        StoreLock lock = StoreLock.take(target);
        try {
            int count;
            try (MessageBox box =
                    MessageBox.open(routing.messageBox().at(ready), Store.Access.WRITE, Clock.systemUTC())) {
                Entry signed = new Abandonment(box.store(), box.ledger(), checkpoints(routing))
                        .restored(
                                endsOf(routing), act.actor().name(), act.actor().reason(), Instant.now());
                box.ledger()
                        .record(signed.detail("actor", act.actor().name())
                                .detail("reason", act.actor().reason())
                                .detail("detail", "from " + file.toAbsolutePath()));
                count = suspended(box, file, act.actor());
            } catch (GeneralSecurityException e) {
                throw new UsageException("the restore cannot be signed, and nothing was changed: " + e.getMessage());
            }
            Optional<Path> aside = Restore.swap(ready, target, mark("before"));
            aside.ifPresent(old -> out.println("restore: what was there is " + old));
            out.println("restore: " + count
                    + " messages suspended that had not ended; compare them with the relay before you resume them");
            return ExitStatus.DONE;
        } finally {
            lock.close();
        }
    }

    /** Where the ledger ends that is replaced; nothing where it cannot be read. */
    private List<Ledger.Head> endsOf(Routing routing) {
        try (MessageBox box = MessageBox.open(routing.messageBox(), Store.Access.READ, Clock.systemUTC())) {
            return box.ledger().heads();
        } catch (StoreException e) {
            spec.commandLine()
                    .getErr()
                    .println("sendport: the message box that is replaced cannot be read (" + e.getMessage()
                            + "); what it had after the last checkpoint is not counted");
            return List.of();
        }
    }

    private static int suspended(MessageBox box, Path file, Actor actor) {
        Actor restored = new Actor(
                actor.name(), "restored from " + file.getFileName() + "; it may have left since the backup was made");
        box.instances().buryAll();
        box.claims().takeOver(row -> Terms.DEFAULT);
        int count = 0;
        for (MessageRow row : box.queries().list(MessageFilter.open(), Optional.empty())) {
            if (box.acts().act(MessageAct.SUSPEND, row, restored).isEmpty()) {
                count++;
            }
        }
        return count;
    }
}
