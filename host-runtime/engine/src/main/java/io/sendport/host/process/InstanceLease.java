package io.sendport.host.process;

import io.sendport.api.adapter.Lease;
import io.sendport.host.box.control.Instances;
import io.sendport.host.store.commit.FailPoint;
import io.sendport.host.store.commit.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lease of an instance on its claims, measured by the monotonic clock of this process. Safe for use by several threads. */
final class InstanceLease implements Lease {

    private static final Logger LOG = LoggerFactory.getLogger(InstanceLease.class);

    private final Instances instances;
    private final String instance;
    private final boolean alone;
    private volatile long heldUntil;
    private volatile long heldUntilWallClock;
    private volatile boolean lost;
    private volatile boolean ended;
    private volatile boolean isFailing;

    /**
     * Holds the lease from now on. Create it before the instance is registered.
     *
     * @param alone whether no other process can take over
     */
    InstanceLease(Instances instances, String instance, boolean alone) {
        this.instances = instances;
        this.instance = instance;
        this.alone = alone;
        hold(System.nanoTime(), System.currentTimeMillis());
    }

    private void hold(long nanos, long millis) {
        heldUntil = nanos + instances.lease().toNanos();
        heldUntilWallClock = millis + instances.lease().toMillis();
    }

    /** The name of the instance. */
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
        // The monotonic clock stops while the machine sleeps, so compare the system clock, too.
        boolean asleep = !alone && System.currentTimeMillis() > heldUntilWallClock;
        return !ended && !lost && !asleep && System.nanoTime() - heldUntil < 0;
    }

    /** Renews the lease. Without a renewal it lapses. Logs the first of several failures, and the next success. */
    void renew() {
        long began = System.nanoTime();
        long beganWallClock = System.currentTimeMillis();
        try {
            if (instances.renew(instance)) {
                hold(began, beganWallClock);
                if (isFailing) {
                    LOG.info("the lease of {} is renewed again", instance);
                }
                isFailing = false;
            } else {
                lost = true;
            }
        } catch (StoreException e) {
            if (!isFailing) {
                LOG.warn(
                        "cannot renew the lease of {}: {}. If the lease lapses first, the instance stops claiming messages",
                        instance,
                        e.getMessage());
            }
            isFailing = true;
        }
    }

    /** Whether other instances declared this instance dead. The lease never holds again then. */
    boolean isLost() {
        return lost;
    }

    /** Ends the lease, because the instance stops. Other instances may take over its messages. */
    void end() {
        ended = true;
    }
}
