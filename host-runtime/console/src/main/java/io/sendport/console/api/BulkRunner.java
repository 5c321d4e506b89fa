package io.sendport.console.api;

import io.sendport.console.access.Authority;
import io.sendport.console.access.PortScope;
import io.sendport.host.box.BulkAct;
import io.sendport.host.operate.BulkOperations;
import io.sendport.host.operate.Operations;
import io.sendport.host.store.commit.StoreException;
import io.sendport.support.DaemonTimer;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs confirmed acts on many messages, one at a time in a process. It also continues the acts of a runner that died. Before each batch
 * it checks that the actor still has the right to act.
 */
public final class BulkRunner implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BulkRunner.class);
    /** Only acts of another instance wait that long. An idle console must cost nearly nothing. */
    private static final long POLL_MILLIS = 5_000;

    private final Supplier<Optional<Operations>> operations;
    private final Authority authority;
    private final String owner = "console " + UUID.randomUUID();
    private final ScheduledThreadPoolExecutor thread = DaemonTimer.named("sendport-bulk-acts");
    private final ScheduledFuture<?> polling;
    private volatile boolean isClosing;

    /**
     * Starts polling for confirmed acts.
     *
     * @param operations empty while the message box is not open
     * @param authority checks the rights of actors
     */
    public BulkRunner(Supplier<Optional<Operations>> operations, Authority authority) {
        this.operations = operations;
        this.authority = authority;
        polling = thread.scheduleWithFixedDelay(this::poll, POLL_MILLIS, POLL_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Runs the acts that were just confirmed, without waiting for the next poll. */
    public void wake() {
        try {
            thread.execute(this::poll);
        } catch (RejectedExecutionException e) {
            LOG.debug("this process stops; the next one runs the act", e);
        }
    }

    private void poll() {
        try {
            Optional<Operations> open = operations.get();
            Optional<BulkAct> next = open.flatMap(all -> all.bulk().next(owner, this::isKnownHere));
            while (next.isPresent() && !isClosing) {
                run(open.orElseThrow(), next.get());
                next = open.orElseThrow().bulk().next(owner, this::isKnownHere);
            }
        } catch (StoreException e) {
            LOG.warn("Cannot run acts on many messages now, will retry: {}", e.getMessage());
        } catch (RuntimeException | Error e) {
            LOG.error("An act on many messages failed, will retry.", e);
        }
    }

    private boolean isKnownHere(BulkAct act) {
        return authority.isKnownHere(act.authority());
    }

    private void run(Operations all, BulkAct act) {
        BulkOperations bulk = all.bulk();
        boolean more = true;
        while (more && !isClosing) {
            Optional<PortScope> reach = reach(all, act);
            if (reach.isEmpty()) {
                bulk.stop(
                        act.id(),
                        "the actor no longer has the right to act: the session ended, or the token expired or was revoked");
                return;
            }
            PortScope at = reach.get();
            more = bulk.runBatch(act, owner, at::covers, left -> LOG.debug("message {}: {}", left.id(), left.why()));
        }
    }

    private Optional<PortScope> reach(Operations all, BulkAct act) {
        try {
            return authority.toOperate(act.authority(), all.routing());
        } catch (IOException e) {
            throw new IllegalStateException("cannot read the token file: " + e.getMessage(), e);
        }
    }

    /** Stops after the current batch. Another instance continues the act, or this instance after its next start. */
    @Override
    public void close() {
        isClosing = true;
        polling.cancel(false);
        thread.shutdown();
        try {
            thread.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
