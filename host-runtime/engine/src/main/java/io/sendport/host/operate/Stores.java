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
 * The message box as a store: its backups, and losses of its database. {@code operate.store} has operations on a store that no
 * process uses.
 */
public final class Stores {

    private final Routing routing;
    private final MessageBox box;

    Stores(Routing routing, MessageBox box) {
        this.routing = routing;
        this.box = box;
    }

    /**
     * Copies one snapshot of messages and ledger while hosts run.
     *
     * @param file a new file
     * @return the minimum number of ledger records in the copy
     */
    public long backUp(Path file) {
        long atLeast = box.ledger().count();
        box.store().backUp(file);
        return atLeast;
    }

    /** What a backup does not contain, but a restore on another machine needs. */
    public List<BackupCompanion> companions() {
        return BackupCompanion.of(routing.messageBox(), routing.auditLedger());
    }

    /**
     * The keys that encrypt bodies, in the order of their file; the last encrypts.
     *
     * @throws io.sendport.host.box.body.BodyKeyException when the file cannot be read
     */
    public List<BodyKeyUse> bodyKeys() {
        return BodyKeyUse.of(
                BodyKeys.of(routing.messageBox().bodyKey()).ids(), box.queries().bodiesByKey());
    }

    /** The declared loss of acknowledged commits. */
    public Optional<String> loss() {
        return box.losses().declared();
    }

    /**
     * Accepts the loss, so that messages are claimed again.
     *
     * @throws RefusedException when nothing is lost, no reason is given, or it cannot be signed
     * @throws IOException when a file cannot be written
     */
    public void acceptLoss(Actor actor) throws IOException {
        if (loss().isEmpty()) {
            throw RefusedException.conflict("no loss is declared");
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
