package io.sendport.host.operate;

import io.sendport.config.Routing;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.control.Actor;
import io.sendport.host.ledger.checkpoint.Checkpoints;
import io.sendport.host.ledger.checkpoint.Pruning;
import io.sendport.host.store.commit.StoreException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Instant;

/** Deletes expired records of the ledger. Hosts delete them automatically, unless their database user may not delete records. */
public final class LedgerRetention {

    private final Routing routing;
    private final MessageBox box;

    LedgerRetention(Routing routing, MessageBox box) {
        this.routing = routing;
        this.box = box;
    }

    /**
     * Applies {@code <retention audit>} now. Uses the retention time of hosts, so that a wrong clock does not delete records early.
     *
     * @return the number of deleted records
     * @throws StoreException with the reason FORBIDDEN when the database user may not delete records
     * @throws RefusedException when this machine has no checkpoints, the deletion cannot be signed, or a record differs from the signed
     *     record
     * @throws IOException when the folder of checkpoints cannot be written; no further records are deleted then
     */
    public long apply(Actor actor) throws IOException {
        Instant limit = box.upkeep()
                .recordsBefore(
                        box.upkeep().horizon().advance(), routing.messageBox().keepAudit());
        Checkpoints checkpoints = Checkpoints.of(routing);
        if (checkpoints.isEmpty()) {
            throw new RefusedException(new Refusal.Conflict(
                    "this machine has no checkpoints of the ledger, and records are deleted only up to a checkpoint;"
                            + " nothing was deleted. Run this on a machine that signs the ledger"));
        }
        try {
            return new Pruning(box.store(), box.ledger(), checkpoints)
                    .run(limit, box.clock().instant(), entry -> entry.detail("actor", actor.name())
                            .detail("reason", actor.reason()));
        } catch (GeneralSecurityException e) {
            throw new RefusedException(
                    new Refusal.Conflict(
                            "the deletion cannot be signed, so nothing more was deleted: " + e.getMessage()),
                    e);
        } catch (IllegalStateException e) {
            throw new RefusedException(new Refusal.Conflict(String.valueOf(e.getMessage())), e);
        }
    }
}
