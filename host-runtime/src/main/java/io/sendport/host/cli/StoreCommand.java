package io.sendport.host.cli;

import io.sendport.config.Routing;
import io.sendport.host.box.Actor;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageFilter;
import io.sendport.host.box.MessageRow;
import io.sendport.host.decide.Terms;
import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Kind;
import io.sendport.host.process.StoreLock;
import io.sendport.host.store.Restore;
import io.sendport.host.store.Store;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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
            "  sendport store migrate --user sendport_owner --password-file owner.txt"
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
            description =
                    "Makes the tables, or brings them up to date, as their owner; `run` does it where its user may.")
    int migrate(@Mixin Setup own, @Mixin DatabaseUser user) throws IOException {
        try (MessageBox box =
                MessageBox.open(user.of(own.routing().messageBox()), Store.Access.CREATE, Clock.systemUTC())) {
            spec.commandLine().getOut().println("migrate: " + box.store().name() + " is up to date");
            return ExitStatus.DONE;
        }
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
                count = suspended(box, file, act.actor());
                box.ledger()
                        .record(Entry.of(Kind.RESTORED)
                                .detail("actor", act.actor().name())
                                .detail("reason", act.actor().reason())
                                .detail("detail", "from " + file.toAbsolutePath()));
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

    private static int suspended(MessageBox box, Path file, Actor actor) {
        Actor restored = new Actor(
                actor.name(), "restored from " + file.getFileName() + "; it may have left since the backup was made");
        box.instances().buryAll();
        box.claims().takeOver(row -> Terms.DEFAULT);
        int count = 0;
        for (MessageRow row : box.queries().list(MessageFilter.open(), Optional.empty())) {
            if (box.acts().suspend(row, restored).isEmpty()) {
                count++;
            }
        }
        return count;
    }
}
