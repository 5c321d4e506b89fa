package io.sendport.host.operate.store;

import io.sendport.config.Routing;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageFilter;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.control.Actor;
import io.sendport.host.decide.Terms;
import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.ledger.checkpoint.Checkpoints;
import io.sendport.host.ledger.checkpoint.LossStatements;
import io.sendport.host.operate.Refusal;
import io.sendport.host.operate.RefusedException;
import io.sendport.host.store.ReplacedStore;
import io.sendport.host.store.Restore;
import io.sendport.host.store.StoreLock;
import io.sendport.host.store.commit.Access;
import io.sendport.host.store.commit.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Replaces a SQLite message box by a backup. No process may use it meanwhile. Suspends the open messages in the backup, because they may
 * have been sent since the backup was made. Signs and records the rollback of the ledger. For one use.
 */
public final class StoreRestore {

    private final Routing routing;
    private final Path target;
    private final Clock clock;
    private final Consumer<String> warnings;

    /**
     * Restores the message box that {@code routing} names.
     *
     * @param warnings receives problems that do not stop the restore
     * @throws RefusedException when the message box is not a SQLite file
     */
    public StoreRestore(Routing routing, Clock clock, Consumer<String> warnings) {
        this.routing = routing;
        this.target = routing.messageBox()
                .sqliteFile()
                .orElseThrow(() -> RefusedException.invalid("only a SQLite message box can be restored from a file"));
        this.clock = clock;
        this.warnings = warnings;
    }

    /** The file that the backup replaces. */
    public Path target() {
        return target;
    }

    /**
     * The result of a restore.
     *
     * @param aside the new path of the replaced file; empty if there was none
     * @param suspended the number of messages that were open in the backup
     */
    public record Restored(Optional<Path> aside, int suspended) {}

    /**
     * Replaces the message box by {@code backup}.
     *
     * @throws RefusedException when the restore cannot be signed; nothing was changed then
     * @throws StoreException when another process uses the message box
     * @throws IOException when a file cannot be written
     */
    public Restored restore(Path backup, Actor actor) throws IOException {
        // Prepare the backup beside the store, so that none of its messages can be sent before it is ready.
        Path ready = Restore.beside(backup, target);
        StoreLock lock = StoreLock.take(target);
        try {
            AtomicInteger suspended = new AtomicInteger();
            // Once the restore is signed, the replaced store must not be used again.
            Optional<Path> aside = Restore.swap(
                    ready,
                    target,
                    SetAsideName.mark("before", clock),
                    replaced -> suspended.set(prepare(ready, backup, endsOf(replaced), actor)));
            return new Restored(aside, suspended.get());
        } finally {
            lock.close();
        }
    }

    private int prepare(Path ready, Path backup, List<Ledger.Head> replaced, Actor actor) throws IOException {
        try (MessageBox box = MessageBox.open(routing.messageBox().at(ready), Access.WRITE, clock)) {
            Checkpoints checkpoints = Checkpoints.of(routing);
            if (checkpoints.isEmpty() && box.ledger().count() > 0) {
                warnings.accept(
                        "there are no checkpoints of the ledger, so nothing confirms the restored records. If you have a backup of the ledger's"
                                + " key and checkpoints, put them back and restore once more: docs/disaster-recovery.md");
            }
            Entry signed = new LossStatements(box.store(), box.ledger(), checkpoints)
                    .restored(replaced, actor.name(), actor.reason(), clock.instant());
            box.ledger()
                    .record(signed.detail("actor", actor.name())
                            .detail("reason", actor.reason())
                            .detail("detail", "from " + backup.toAbsolutePath()));
            // Suspend after the statement is recorded: new records must not reuse sequence numbers that the old store
            // has signed.
            return suspendOpen(box, backup, actor);
        } catch (GeneralSecurityException e) {
            throw new RefusedException(
                    new Refusal.Conflict("the restore cannot be signed, and nothing was changed: " + e.getMessage()
                            + ". On a new machine, first copy the key file of the ledger from the old machine, then restore again:"
                            + " docs/disaster-recovery.md"),
                    e);
        }
    }

    /** The heads of the replaced ledger; empty when it does not exist or cannot be read. */
    private List<Ledger.Head> endsOf(Optional<ReplacedStore> replaced) {
        try {
            if (replaced.isPresent()) {
                return Ledger.headsOf(replaced.get());
            }
            if (Files.exists(target)) {
                warnings.accept(
                        "the message box " + target
                                + " that is being replaced is damaged; the signed statement of this restore does not cover its records after the last checkpoint");
            }
        } catch (StoreException e) {
            warnings.accept(e.getMessage()
                    + "; the signed statement of this restore does not cover its records after the last checkpoint");
        }
        return List.of();
    }

    private static int suspendOpen(MessageBox box, Path backup, Actor actor) {
        Actor restored = new Actor(
                actor.name(),
                "restored from " + backup.getFileName() + "; it may have been sent since the backup was made");
        box.instances().markAllStopped();
        box.claims().takeOver(row -> Terms.DEFAULT);
        int count = 0;
        for (MessageRow row : box.queries().list(MessageFilter.open(), Optional.empty())) {
            if (box.acts().suspendRestored(row, restored).isEmpty()) {
                count++;
            }
        }
        return count;
    }
}
