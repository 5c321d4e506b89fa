package io.sendport.host.operate.store;

import io.sendport.config.Routing;
import io.sendport.host.box.MessageAct;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageFilter;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.control.Actor;
import io.sendport.host.decide.Terms;
import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.ledger.checkpoint.Abandonment;
import io.sendport.host.ledger.checkpoint.Checkpoints;
import io.sendport.host.operate.Refusal;
import io.sendport.host.operate.RefusedException;
import io.sendport.host.store.Restore;
import io.sendport.host.store.StoreLock;
import io.sendport.host.store.commit.Access;
import io.sendport.host.store.commit.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Puts a backup in the place of a SQLite message box, while nothing runs. What had not ended in it is suspended, since it may have left meanwhile. That
 * the ledger was set back is signed and recorded.
 */
public final class Restoring {

    private final Routing routing;
    private final Path target;
    private final Clock clock;
    private final Consumer<String> warnings;

    /**
     * Of the message box that {@code routing} names.
     *
     * @param warnings told what goes on in spite of something
     * @throws RefusedException when it is no SQLite file
     */
    public Restoring(Routing routing, Clock clock, Consumer<String> warnings) {
        this.routing = routing;
        this.target = routing.messageBox()
                .sqliteFile()
                .orElseThrow(() -> RefusedException.invalid("only a SQLite message box is restored from a file"));
        this.clock = clock;
        this.warnings = warnings;
    }

    /** The file in whose place the backup is put. */
    public Path target() {
        return target;
    }

    /**
     * What was done.
     *
     * @param aside where the file lies that was there before
     * @param suspended how many messages had not ended in the backup
     */
    public record Restored(Optional<Path> aside, int suspended) {}

    /**
     * Restores.
     *
     * @throws RefusedException when it can't be signed; nothing was changed then
     * @throws IOException when a file can't be written
     */
    public Restored restore(Path backup, Actor actor) throws IOException {
        // Made ready beside the store, so that nothing of it can be sent before it is.
        Path ready = Restore.beside(backup, target);
        StoreLock lock = StoreLock.take(target);
        try {
            int suspended = makeReady(ready, backup, actor);
            return new Restored(Restore.swap(ready, target, Aside.mark("before", clock)), suspended);
        } finally {
            lock.close();
        }
    }

    private int makeReady(Path ready, Path backup, Actor actor) throws IOException {
        try (MessageBox box = MessageBox.open(routing.messageBox().at(ready), Access.WRITE, clock)) {
            Checkpoints checkpoints = Checkpoints.of(routing);
            Entry signed = new Abandonment(box.store(), box.ledger(), checkpoints)
                    .restored(endsOfReplaced(), actor.name(), actor.reason(), clock.instant());
            box.ledger()
                    .record(signed.detail("actor", actor.name())
                            .detail("reason", actor.reason())
                            .detail("detail", "from " + backup.toAbsolutePath()));
            return suspendOpen(box, backup, actor);
        } catch (GeneralSecurityException e) {
            throw new RefusedException(
                    new Refusal.Conflict("the restore cannot be signed, and nothing was changed: " + e.getMessage()),
                    e);
        }
    }

    /** Where the ledger ends that is replaced; nothing where it cannot be read. */
    private List<Ledger.Head> endsOfReplaced() {
        try (MessageBox box = MessageBox.open(routing.messageBox(), Access.READ, clock)) {
            return box.ledger().heads();
        } catch (StoreException e) {
            warnings.accept("the message box that is replaced cannot be read (" + e.getMessage()
                    + "); what it had after the last checkpoint is not counted");
            return List.of();
        }
    }

    private static int suspendOpen(MessageBox box, Path backup, Actor actor) {
        Actor restored = new Actor(
                actor.name(), "restored from " + backup.getFileName() + "; it may have left since the backup was made");
        box.instances().markAllStopped();
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
