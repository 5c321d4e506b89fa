package io.sendport.host.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Group commit: one thread takes all writes that wait and commits them once. A caller is answered after the commit, which has reached
 * the disk by then. After a commit of which nobody can say whether it reached the disk, nothing more is written until the process is
 * started again.
 */
final class Committer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
    private static final int LARGEST_GROUP = 256;
    private static final int LONGEST_QUEUE = 10_000;

    private final Handle handle;
    private final BlockingQueue<Waiting<?>> queue = new ArrayBlockingQueue<>(LONGEST_QUEUE);
    private final Thread thread;
    private volatile boolean closing;
    private volatile @Nullable String broken;

    Committer(Handle handle) {
        this.handle = handle;
        // In autocommit mode the statements BEGIN and COMMIT are what they say.
        thread = new Thread(this::run, "sendport-committer");
        thread.setDaemon(true);
        thread.start();
    }

    /** Waits for the commit. */
    <T> T commit(Write<T> write) {
        Waiting<T> waiting = new Waiting<>(write);
        String why = broken;
        if (why != null || closing) {
            throw new StoreException(why == null ? "the store is closed" : why, null);
        }
        try {
            if (!queue.offer(waiting, 30, TimeUnit.SECONDS)) {
                throw new StoreException("the store has " + LONGEST_QUEUE + " writes waiting; try again", null);
            }
            if (!thread.isAlive()) {
                fail(queue, new StoreException("the store is closed", null));
            }
            return waiting.done.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted before the write was taken; nothing was written", e);
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** Why nothing is written any more; null while it is. */
    @Nullable
    String broken() {
        return broken;
    }

    private void run() {
        List<Waiting<?>> group = new ArrayList<>(LARGEST_GROUP);
        while (!closing || !queue.isEmpty()) {
            try {
                Waiting<?> first = queue.poll(100, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                group.add(first);
                queue.drainTo(group, LARGEST_GROUP - 1);
                commitGroup(group);
            } catch (InterruptedException e) {
                closing = true;
            } catch (RuntimeException | Error e) {
                broken = "the committing thread failed (" + e
                        + "); nothing more is written until this process is started again";
                LOG.error("the committing thread failed", e);
                fail(group, new StoreException(String.valueOf(broken), e));
            } finally {
                group.clear();
            }
        }
        fail(queue, new StoreException("the store was closed", null));
    }

    private void commitGroup(List<Waiting<?>> group) {
        String why = broken;
        if (why != null) {
            fail(group, new StoreException(why, null));
            return;
        }
        RuntimeException failure = attempt(group);
        if (failure == null) {
            group.forEach(Waiting::complete);
        } else if (group.size() == 1 || broken != null) {
            fail(group, failure);
        } else {
            group.forEach(each -> commitGroup(List.of(each)));
        }
    }

    private @Nullable RuntimeException attempt(List<Waiting<?>> group) {
        try {
            handle.execute("BEGIN IMMEDIATE");
            Transaction transaction = new Transaction(handle);
            group.forEach(each -> each.run(transaction));
            transaction.beforeCommit();
        } catch (RuntimeException | Error e) {
            rollback();
            return e instanceof RuntimeException failure ? failure : new StoreException("a write failed: " + e, e);
        }
        try {
            // A statement and not JDBC's commit, which begins the next transaction at once and may fail at that when
            // this one is on disk.
            FailPoint.reach("before-commit");
            handle.execute("COMMIT");
            FailPoint.reach("after-commit");
            return null;
        } catch (RuntimeException e) {
            rollback();
            if (Sqlite.leavesDiskInDoubt(e)) {
                String why = "the disk failed while a commit was under way (" + Sqlite.rootMessage(e)
                        + "); nothing more is written until this process is started again";
                broken = why;
                LOG.error(why, e);
                return new StoreException(why, e);
            }
            return e;
        }
    }

    private void rollback() {
        try {
            handle.execute("ROLLBACK");
        } catch (RuntimeException e) {
            // SQLite has rolled back by itself after some errors; the next begin tells whether the connection still
            // works.
            LOG.debug("rollback", e);
        }
    }

    private static void fail(Iterable<Waiting<?>> group, RuntimeException failure) {
        group.forEach(each -> each.done.completeExceptionally(failure));
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(30));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        handle.close();
    }

    /** A write whose caller waits. */
    private static final class Waiting<T> {
        private final Write<T> write;
        private final CompletableFuture<T> done = new CompletableFuture<>();
        private @Nullable T result;

        Waiting(Write<T> write) {
            this.write = write;
        }

        void run(Transaction transaction) {
            result = write.in(transaction);
        }

        @SuppressWarnings("NullAway") // a write may give nothing, and then its caller expects nothing
        void complete() {
            done.complete(result);
        }
    }
}
