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
 * Answers the callers of committed writes. If commits need a separate sync, its own thread first syncs all earlier commits while
 * the next ones are prepared.
 */
final class Syncer implements AutoCloseable {

    private final Writer writer;
    private final Function<Throwable, StoreException> broken;
    private final Runnable whenFree;
    private final BlockingQueue<List<Pending<?>>> committed = new LinkedBlockingQueue<>();
    private final AtomicInteger unsynced = new AtomicInteger();
    private final Thread thread;
    private volatile boolean closing;
    private @Nullable StoreException failed;

    /**
     * Answers for {@code writer}.
     *
     * @param number of the connection, for the thread's name
     * @param broken receives a failure, after which nothing more is acknowledged; returns the failure for waiting callers
     * @param whenFree runs when everything committed is on disk
     */
    public Syncer(Writer writer, int number, Function<Throwable, StoreException> broken, Runnable whenFree) {
        this.writer = writer;
        this.broken = broken;
        this.whenFree = whenFree;
        thread = new Thread(this::run, "sendport-syncer-" + number);
        thread.setDaemon(true);
        if (writer.syncsApart()) {
            thread.start();
        }
    }

    /** Takes committed writes. */
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
                whenFree.run();
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

    /** Acknowledges nothing more from now on. Earlier answers stay. */
    private void fail(List<List<Pending<?>>> groups, Throwable why) {
        StoreException told = broken.apply(why);
        failed = told;
        groups.forEach(group -> group.forEach(each -> each.fail(told)));
        unsynced.addAndGet(-groups.size());
        groups.clear();
    }

    /** Answers the writes that were handed over before. */
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
