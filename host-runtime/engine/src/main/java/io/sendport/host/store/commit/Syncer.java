package io.sendport.host.store.commit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers the callers of committed writes. If commits need a separate sync, a thread of this class syncs them first, while the committing
 * thread prepares the next ones.
 */
final class Syncer implements AutoCloseable {

    private final Writer writer;
    private final Function<Throwable, StoreException> broken;
    private final Runnable whenIdle;
    private final BlockingQueue<List<Pending<?>>> committed = new LinkedBlockingQueue<>();
    private final AtomicInteger unsynced = new AtomicInteger();
    private final Thread thread;
    private volatile boolean closing;
    private @Nullable StoreException failed;

    /**
     * Answers the writes of {@code writer}.
     *
     * @param number the index of the connection, for the name of the thread
     * @param broken receives a failed sync, and returns the failure for the callers that wait; no later write is acknowledged
     * @param whenIdle runs when everything committed is on disk
     */
    public Syncer(Writer writer, int number, Function<Throwable, StoreException> broken, Runnable whenIdle) {
        this.writer = writer;
        this.broken = broken;
        this.whenIdle = whenIdle;
        thread = new Thread(this::run, "sendport-syncer-" + number);
        thread.setDaemon(true);
        if (writer.syncsApart()) {
            thread.start();
        }
    }

    /** Takes over committed writes. */
    public void hand(List<Pending<?>> group) {
        if (!writer.syncsApart()) {
            answer(group);
        } else if (thread.isAlive()) {
            unsynced.incrementAndGet();
            committed.add(group);
        } else {
            StoreException gone = new StoreException("the sync thread has ended", null);
            group.forEach(each -> each.fail(gone));
        }
    }

    /** Whether commits are not on disk yet. */
    public boolean isBusy() {
        return unsynced.get() > 0;
    }

    private static void answer(List<Pending<?>> group) {
        FailPoint.reach("after-commit");
        group.forEach(Pending::succeed);
    }

    private void run() {
        List<List<Pending<?>>> groups = new ArrayList<>();
        while (!closing || !committed.isEmpty()) {
            try {
                List<Pending<?>> first = committed.poll(100, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                groups.add(first);
                committed.drainTo(groups);
                sync(groups);
                unsynced.addAndGet(-groups.size());
                groups.clear();
                whenIdle.run();
            } catch (InterruptedException e) {
                closing = true;
            } catch (RuntimeException | Error e) {
                fail(groups, e);
            }
        }
    }

    private void sync(List<List<Pending<?>>> groups) {
        StoreException why = failed;
        if (why == null) {
            writer.sync();
            groups.forEach(Syncer::answer);
        } else {
            groups.forEach(group -> group.forEach(each -> each.fail(why)));
        }
    }

    /** Fails these writes and all later ones. Earlier answers stay valid. */
    private void fail(List<List<Pending<?>>> groups, Throwable why) {
        StoreException failure = broken.apply(why);
        failed = failure;
        groups.forEach(group -> group.forEach(each -> each.fail(failure)));
        unsynced.addAndGet(-groups.size());
        groups.clear();
    }

    /** Answers the writes that were handed over, and ends the thread. */
    @Override
    public void close() {
        closing = true;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(30));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
