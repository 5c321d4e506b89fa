package io.sendport.console.api;

import io.sendport.console.access.Authority;
import io.sendport.console.access.Reach;
import io.sendport.host.box.BulkAct;
import io.sendport.host.operate.BulkOperations;
import io.sendport.host.operate.Operations;
import io.sendport.host.store.commit.StoreException;
import io.sendport.support.DaemonTimer;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs acts upon many messages that were confirmed, those of a runner that died among them: one at a time in a process. Whether the actor still may is
 * looked at before each batch.
 */
public final class BulkRunner implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BulkRunner.class);
    private static final long LOOK_MILLIS = 1_000;

    private final Supplier<Optional<Operations>> operations;
    private final Authority authority;
    private final String owner = "console " + UUID.randomUUID();
    private final ScheduledThreadPoolExecutor thread = DaemonTimer.named("sendport-bulk-acts");
    private final ScheduledFuture<?> looks;
    private volatile boolean ends;

    /**
     * Looks for work from now on.
     *
     * @param operations empty while the message box is not open
     * @param authority tells who still may do what
     */
    public BulkRunner(Supplier<Optional<Operations>> operations, Authority authority) {
        this.operations = operations;
        this.authority = authority;
        looks = thread.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            Optional<Operations> open = operations.get();
            Optional<BulkAct> next = open.flatMap(all -> all.bulk().next(owner, this::isKnownHere));
            while (next.isPresent() && !ends) {
                run(open.orElseThrow(), next.get());
                next = open.orElseThrow().bulk().next(owner, this::isKnownHere);
            }
        } catch (StoreException e) {
            LOG.warn("An act upon many messages waits: {}", e.getMessage());
        } catch (RuntimeException | Error e) {
            LOG.error("An act upon many messages can't go on; it is tried again.", e);
        }
    }

    private boolean isKnownHere(BulkAct act) {
        return authority.isKnownHere(act.authority());
    }

    private void run(Operations all, BulkAct act) {
        BulkOperations bulk = all.bulk();
        boolean more = true;
        while (more && !ends) {
            Optional<Reach> reach = reach(all, act);
            if (reach.isEmpty()) {
                bulk.stop(act.id(), "what it rested on counts no more: the token expired or was revoked");
                return;
            }
            Reach at = reach.get();
            more = bulk.go(act, owner, at::covers, left -> LOG.debug("message {}: {}", left.id(), left.why()));
        }
    }

    private Optional<Reach> reach(Operations all, BulkAct act) {
        try {
            return authority.toOperate(act.authority(), all.routing());
        } catch (IOException e) {
            throw new IllegalStateException("the file of tokens can't be read: " + e.getMessage(), e);
        }
    }

    /** Ends after the batch under way; another instance goes on, or this one after its next start. */
    @Override
    public void close() {
        ends = true;
        looks.cancel(false);
        thread.shutdown();
        try {
            thread.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
