package io.sendport.host.operate.store;

import io.sendport.config.MessageBoxSettings;
import io.sendport.config.Routing;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.control.Actor;
import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Kind;
import io.sendport.host.ledger.checkpoint.Checkpoints;
import io.sendport.host.ledger.verify.Verification;
import io.sendport.host.operate.RefusedException;
import io.sendport.host.store.Copy;
import io.sendport.host.store.Restore;
import io.sendport.host.store.StoreLock;
import io.sendport.host.store.commit.Access;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Moves a SQLite message box to PostgreSQL, with ledger, key and checkpoints, and verifies the copy. No process may use it meanwhile.
 * Renames the SQLite file at the end, so that no message can be sent from both. For one use.
 */
public final class StoreCopy {

    private final Routing routing;
    private final MessageBoxSettings source;
    private final MessageBoxSettings target;
    private final Path file;
    private final Clock clock;

    /**
     * Copies the message box that {@code routing} names to {@code target}.
     *
     * @throws RefusedException when the source is not a SQLite file
     */
    public StoreCopy(Routing routing, MessageBoxSettings target, Clock clock) {
        this.routing = routing;
        this.source = routing.messageBox();
        this.target = target;
        this.clock = clock;
        this.file = source.sqliteFile()
                .orElseThrow(
                        () -> RefusedException.invalid(
                                "the message box is " + source.shownUrl()
                                        + ", but only a SQLite message box can be copied. Name the configuration of the SQLite message box"));
    }

    /** The SQLite file that is copied and then renamed. */
    public Path file() {
        return file;
    }

    /**
     * The result of a copy.
     *
     * @param rows the number of copied rows by table
     * @param records the number of ledger records that were verified in the copy
     * @param aside the new path of the SQLite file
     */
    public record Copied(Map<String, Long> rows, long records, Path aside) {}

    /**
     * Copies and verifies the message box, and renames the SQLite file.
     *
     * @throws RefusedException when the copy fails verification; the SQLite file stays in use then
     * @throws io.sendport.host.store.commit.StoreException when another process uses the SQLite file, or a store cannot be read or written
     * @throws IOException when a file cannot be written
     */
    public Copied copy(Actor actor) throws IOException {
        StoreLock lock = StoreLock.take(file);
        try {
            AtomicReference<Verification.Finding> found = new AtomicReference<>();
            Map<String, Long> rows = copyVerified(actor, found);
            Verification.Finding finding = Objects.requireNonNull(found.get());
            if (finding.fault().isPresent()) {
                throw RefusedException.conflict("verification of the copy failed; " + file + " stays in use: "
                        + finding.fault().get());
            }
            return new Copied(rows, finding.records(), Restore.setAside(file, SetAsideName.mark("copied", clock)));
        } finally {
            lock.close();
        }
    }

    private Map<String, Long> copyVerified(Actor actor, AtomicReference<Verification.Finding> found)
            throws IOException {
        try (MessageBox from = MessageBox.open(source, Access.WRITE, clock);
                MessageBox to = MessageBox.open(target, Access.CREATE, clock)) {
            from.instances().markAllStopped();
            from.ledger()
                    .record(Entry.of(Kind.COPIED)
                            .detail("actor", actor.name())
                            .detail("reason", actor.reason())
                            .detail("detail", "to " + to.store().name()));
            return Copy.all(from.store(), to.store(), () -> {
                Verification.Finding finding = verify(to);
                found.set(finding);
                return finding.fault().isEmpty();
            });
        }
    }

    private Verification.Finding verify(MessageBox to) {
        try {
            Checkpoints.copy(source.place(), target.place());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot copy the ledger's key and checkpoints", e);
        }
        return new Verification(to.store(), Checkpoints.of(target.place(), Optional.of(routing.auditLedger()))).run();
    }
}
