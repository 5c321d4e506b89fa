package io.sendport.host.operate;

import io.sendport.config.Routing;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.body.BodyKeys;
import io.sendport.host.box.control.Actor;
import io.sendport.host.ledger.checkpoint.Checkpoints;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;

/**
 * Backs up the message box, lists its keys, and accepts losses of its database. {@code operate.store} has the operations on a store that no
 * process uses. Safe for use by several threads.
 */
public final class Stores {

    private final Routing routing;
    private final MessageBox box;

    Stores(Routing routing, MessageBox box) {
        this.routing = routing;
        this.box = box;
    }

    /**
     * Copies a snapshot of messages and ledger. Hosts may run meanwhile.
     *
     * @param file the copy, which must not exist yet
     * @return the minimum number of ledger records in the copy
     * @throws io.sendport.host.store.commit.StoreException when the copy cannot be made; with the reason INVALID when the file exists, or
     *     the message box is not a SQLite file
     */
    public long backUp(Path file) {
        long atLeast = box.ledger().count();
        box.store().backUp(file);
        return atLeast;
    }

    /** Returns the files that a restore on another machine needs, but a backup does not contain. */
    public List<BackupCompanion> companions() {
        return BackupCompanion.of(routing.messageBox(), routing.auditLedger());
    }

    /**
     * Returns the keys for bodies, in the order of the key file, with their use. The last key in the file encrypts new bodies.
     *
     * @throws io.sendport.host.box.body.BodyKeyException when the key file cannot be read
     */
    public List<BodyKeyUse> bodyKeys() {
        return BodyKeyUse.of(
                BodyKeys.of(routing.messageBox().bodyKey()).ids(), box.queries().bodiesByKey());
    }

    /** Returns the declared loss of acknowledged commits; empty when there is none. */
    public Optional<String> loss() {
        return box.losses().declared();
    }

    /**
     * Accepts the declared loss, so that messages are claimed again.
     *
     * @param actor who accepts the loss; the reason is required
     * @throws RefusedException when no loss is declared, the reason is missing, or the acceptance cannot be signed
     * @throws IOException when a file cannot be written
     */
    public void acceptLoss(Actor actor) throws IOException {
        if (loss().isEmpty()) {
            throw RefusedException.conflict("no loss of commits is declared, so there is nothing to accept");
        }
        if (actor.reason().isBlank()) {
            throw RefusedException.invalid("give the reason: --reason TEXT");
        }
        try {
            box.losses().accept(actor, Checkpoints.of(routing));
        } catch (GeneralSecurityException e) {
            throw new RefusedException(new Refusal.Conflict("the acceptance cannot be signed: " + e.getMessage()), e);
        }
    }
}
