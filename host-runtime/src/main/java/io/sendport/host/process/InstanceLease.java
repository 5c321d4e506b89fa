package io.sendport.host.process;

import io.sendport.api.adapter.Lease;
import io.sendport.host.box.Instances;
import io.sendport.host.store.FailPoint;
import io.sendport.host.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lease that an instance has on all it claimed, by its own monotonic clock. Safe for use by several threads. */
final class InstanceLease implements Lease {

    private static final Logger LOG = LoggerFactory.getLogger(InstanceLease.class);

    private final Instances instances;
    private final String instance;
    private volatile long heldUntil;
    private volatile boolean over;

    InstanceLease(Instances instances, String instance) {
        this.instances = instances;
        this.instance = instance;
        this.heldUntil = System.nanoTime() + instances.lease().toNanos();
    }

    @Override
    public boolean isHeld() {
        FailPoint.reach("before-final-dot");
        return isCurrent();
    }

    /** Whether the instance may claim. */
    boolean isCurrent() {
        return !over && System.nanoTime() - heldUntil < 0;
    }

    /**
     * Extends it; what could not be extended lapses by itself.
     *
     * @return false when others took this instance for dead: it never holds again
     */
    boolean renew() {
        long began = System.nanoTime();
        try {
            if (!instances.renew(instance)) {
                over = true;
                return false;
            }
            heldUntil = began + instances.lease().toNanos();
        } catch (StoreException e) {
            LOG.warn("the lease of {} could not be renewed and lapses soon: {}", instance, e.getMessage());
        }
        return true;
    }

    /** Ends it: the instance stops, and what it still has in hand is anybody's. */
    void end() {
        over = true;
    }
}
