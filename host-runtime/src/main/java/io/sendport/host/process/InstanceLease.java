package io.sendport.host.process;

import io.sendport.api.adapter.Lease;
import io.sendport.host.box.Claims;
import io.sendport.host.store.FailPoint;
import io.sendport.host.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lease that an instance has on all it claimed, by its own monotonic clock. Safe for use by several threads. */
final class InstanceLease implements Lease {

    private static final Logger LOG = LoggerFactory.getLogger(InstanceLease.class);

    private final Claims claims;
    private final String instance;
    private volatile long heldUntil;

    InstanceLease(Claims claims, String instance) {
        this.claims = claims;
        this.instance = instance;
        this.heldUntil = System.nanoTime() + claims.lease().toNanos();
    }

    @Override
    public boolean isHeld() {
        FailPoint.reach("before-final-dot");
        return System.nanoTime() - heldUntil < 0;
    }

    /** Extends it; what could not be extended lapses by itself. */
    void renew() {
        long began = System.nanoTime();
        try {
            claims.renew(instance);
            heldUntil = began + claims.lease().toNanos();
        } catch (StoreException e) {
            LOG.warn("the leases of {} could not be renewed and lapse soon: {}", instance, e.getMessage());
        }
    }
}
