package io.sendport.host.cli;

import io.sendport.config.Routing;
import io.sendport.host.box.Actor;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageFilter;
import io.sendport.host.box.MessageRow;
import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Kind;
import io.sendport.host.process.StoreLock;
import io.sendport.host.store.Restore;
import io.sendport.host.store.Store;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
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
        description = "Backup and restore of the message box.",
        subcommands = {Reserved.Copy.class},
        footer = {
            "",
            "Examples:",
            "  sendport store backup /backup/sendport-monday.db",
            "  sendport store restore /backup/sendport-monday.db"
        })
final class StoreCommand {

    private static final DateTimeFormatter MARK =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss").withZone(ZoneOffset.UTC);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Command(name = "backup", description = "A copy of one moment, messages and ledger, while hosts run.")
    int backup(@Mixin Setup own, @Parameters(paramLabel = "FILE") Path file) {
        try (MessageBox box = own.open(own.routing(), Store.Access.READ)) {
            box.store().backUp(file);
            spec.commandLine()
                    .getOut()
                    .println("backup: " + file + ", the ledger up to record "
                            + box.ledger().head().seq());
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
        if (!act.confirmed("put " + file + " in the place of " + target + "?")) {
            return ExitStatus.USAGE;
        }
        PrintWriter out = spec.commandLine().getOut();
        try (StoreLock lock = StoreLock.take(target)) {
            Optional<Path> aside = Restore.from(file, target, MARK.format(Instant.now()));
            aside.ifPresent(old -> out.println("restore: what was there is " + old));
            try (MessageBox box = own.open(routing, Store.Access.WRITE)) {
                box.ledger()
                        .record(Entry.of(Kind.RESTORED)
                                .detail("actor", act.actor().name())
                                .detail("reason", act.actor().reason())
                                .detail("detail", "from " + file.toAbsolutePath()));
                out.println("restore: " + suspended(box, file, act.actor())
                        + " messages suspended that had not ended; compare them with the relay before you resume them");
            }
            if (!lock.isHeld()) {
                throw new IOException("the lock on " + target + " was lost meanwhile");
            }
            return ExitStatus.DONE;
        }
    }

    private static int suspended(MessageBox box, Path file, Actor actor) {
        Actor restored = new Actor(
                actor.name(), "restored from " + file.getFileName() + "; it may have left since the backup was made");
        box.claims().takeOver(owner -> true, row -> io.sendport.host.decide.Terms.DEFAULT);
        int count = 0;
        for (MessageRow row : box.queries().list(MessageFilter.all(), Optional.empty())) {
            if (!row.state().isEnd() && box.acts().suspend(row, restored).isEmpty()) {
                count++;
            }
        }
        return count;
    }
}
