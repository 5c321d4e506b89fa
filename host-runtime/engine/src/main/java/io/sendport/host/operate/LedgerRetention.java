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

/** Deletes records of the ledger whose retention period is over. Hosts do so by themselves, unless their database user may not. */
public final class LedgerRetention {

    private final Routing routing;
    private final MessageBox box;

    LedgerRetention(Routing routing, MessageBox box) {
        this.routing = routing;
        this.box = box;
    }

    /**
     * Applies {@code <retention audit>} now. Follows the time that hosts use for retention, so a wrong clock deletes nothing early.
     *
     * @return how many records were deleted
     * @throws StoreException of the reason FORBIDDEN when the database user may not delete records
     * @throws IOException when the deletion cannot be signed; nothing more is deleted then
     * @throws GeneralSecurityException as before
     */
    public long apply(Actor actor) throws IOException, GeneralSecurityException {
        Instant now = box.upkeep().horizon().advance();
        Instant old = now.minus(routing.messageBox().keepAudit());
        Instant limit = box.upkeep().onHoldSince().filter(old::isAfter).orElse(old);
        return new Pruning(box.store(), box.ledger(), Checkpoints.of(routing))
                .run(limit, box.clock().instant(), entry -> entry.detail("actor", actor.name())
                        .detail("reason", actor.reason()));
    }
}
