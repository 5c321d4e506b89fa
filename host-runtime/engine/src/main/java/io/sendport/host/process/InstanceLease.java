package io.sendport.host.process;

import io.sendport.api.adapter.Lease;
import io.sendport.host.box.control.Instances;
import io.sendport.host.store.commit.FailPoint;
import io.sendport.host.store.commit.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lease that an instance has on all it claimed, by its own monotonic clock. Safe for use by several threads. */
final class InstanceLease implements Lease {

    private static final Logger LOG = LoggerFactory.getLogger(InstanceLease.class);

    private final Instances instances;
    private final String instance;
    private final boolean alone;
    private volatile long heldUntil;
    private volatile long heldUntilByTheClock;
    private volatile boolean lost;
    private volatile boolean over;

    /**
     * Held from now on: to be made before the instance is made known.
     *
     * @param alone whether nobody else can take over
     */
    InstanceLease(Instances instances, String instance, boolean alone) {
        this.instances = instances;
        this.instance = instance;
        this.alone = alone;
        hold(System.nanoTime(), System.currentTimeMillis());
    }

    private void hold(long nanos, long millis) {
        heldUntil = nanos + instances.lease().toNanos();
        heldUntilByTheClock = millis + instances.lease().toMillis();
    }

    /** Whose it is. */
    String instance() {
        return instance;
    }

    @Override
    public boolean isHeld() {
        FailPoint.reach("before-final-dot");
        return isCurrent();
    }

    /** Whether the instance may claim. */
    boolean isCurrent() {
        // The monotonic clock stands still while a machine sleeps; the other tells that it did.
        boolean asleep = !alone && System.currentTimeMillis() > heldUntilByTheClock;
        return !over && !lost && !asleep && System.nanoTime() - heldUntil < 0;
    }

    /** Extends it; what could not be extended lapses by itself. */
    void renew() {
        long began = System.nanoTime();
        long beganByTheClock = System.currentTimeMillis();
        try {
            if (instances.renew(instance)) {
                hold(began, beganByTheClock);
            } else {
                lost = true;
            }
        } catch (StoreException e) {
            LOG.warn("the lease of {} could not be renewed and lapses soon: {}", instance, e.getMessage());
        }
    }

    /** Whether others took the instance for dead: it never holds again. */
    boolean isLost() {
        return lost;
    }

    /** Ends it: the instance stops, and what it still has in hand is anybody's. */
    void end() {
        over = true;
    }
}
