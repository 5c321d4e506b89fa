package io.sendport.host.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Group commit: one thread takes all writes that wait and commits them once. Where commits are brought to the disk apart, a second
 * thread does that for all that were committed meanwhile, while the first goes on. A caller is answered once its commit has reached the
 * disk. After a commit of which nobody can say whether it reached the disk, nothing more is written until the process is
 * started again.
 */
final class Committer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
    private static final int LARGEST_GROUP = 256;
    private static final int LONGEST_QUEUE = 10_000;
    /** How long a failed write counts as trouble. */
    private static final long LATELY_NANOS = TimeUnit.SECONDS.toNanos(5);
    /** How often what others stood in the way of is tried. */
    private static final int MOST_TRIES = 5;

    private final Database database;
    private final Writer writer;
    private final int number;
    private final BlockingQueue<Waiting<?>> queue = new ArrayBlockingQueue<>(LONGEST_QUEUE);
    private final Thread thread;
    private final BlockingQueue<List<Waiting<?>>> committed = new LinkedBlockingQueue<>();
    /** How many groups are committed and not yet on disk. */
    private final AtomicInteger unsynced = new AtomicInteger();
    /** Tells whom waits for more writes that the disk is ready for them. */
    private final Waiting<Boolean> synced = new Waiting<>(transaction -> true);

    private final Thread syncer;
    private volatile int underWay;
    private volatile boolean closing;
    private volatile boolean closed;
    private volatile boolean gathering;
    private volatile @Nullable String broken;
    private volatile @Nullable String trouble;
    private volatile long troubledAt;

    /** @param number of this among the process's committers, from 0 */
    Committer(Database database, int number) {
        this.database = database;
        this.number = number;
        this.writer = database.forWriting();
        thread = new Thread(this::run, "sendport-committer-" + number);
        thread.setDaemon(true);
        thread.start();
        syncer = new Thread(this::sync, "sendport-syncer-" + number);
        syncer.setDaemon(true);
        if (writer.syncsApart()) {
            syncer.start();
        }
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

    /** How many writes wait, or are being written. */
    int waiting() {
        return queue.size() + underWay;
    }

    /** Why nothing is written any more; null while it is. */
    @Nullable
    String broken() {
        return broken;
    }

    /** Why a write failed lately, where that came of the database; null when none did, whether or not others succeed beside. */
    @Nullable
    String trouble() {
        return System.nanoTime() - troubledAt < LATELY_NANOS ? trouble : null;
    }

    private void run() {
        List<Waiting<?>> group = new ArrayList<>(LARGEST_GROUP);
        while (!closing || !queue.isEmpty()) {
            try {
                Waiting<?> first = queue.poll(100, TimeUnit.MILLISECONDS);
                if (first == synced) {
                    continue;
                } else if (first != null) {
                    group.add(first);
                    queue.drainTo(group, LARGEST_GROUP - 1);
                } else if (writer.owesWord()) {
                    group.add(new Waiting<>(Committer::tellOfWork));
                } else {
                    continue;
                }
                underWay = group.size();
                commitGroup(group);
            } catch (InterruptedException e) {
                closing = true;
            } catch (RuntimeException | Error e) {
                broken = "the committing thread failed (" + e
                        + "); nothing more is written until this process is started again";
                LOG.error("the committing thread failed", e);
                fail(group, new StoreException(String.valueOf(broken), e));
            } finally {
                underWay = 0;
                group.clear();
            }
        }
        fail(queue, new StoreException("the store was closed", null));
    }

    private static boolean tellOfWork(Transaction transaction) {
        transaction.bringsWork();
        return true;
    }

    /** The first of a row of failures that come of the database is told; who waits hears of each. */
    private void tellTrouble(RuntimeException failure) {
        if (failure instanceof JdbiException && !database.isConflict(failure)) {
            String what = Store.rootMessage(failure);
            if (trouble() == null) {
                LOG.error("a write to {} failed: {}", database.name(), what, failure);
            }
            troubledAt = System.nanoTime();
            trouble = what;
        }
    }

    private void commitGroup(List<Waiting<?>> group) {
        String why = broken;
        if (why != null) {
            fail(group, new StoreException(why, null));
            return;
        }
        group.remove(synced);
        RuntimeException failure = attempt(group);
        for (int tries = 1; failure != null && database.isConflict(failure) && tries < MOST_TRIES; tries++) {
            failure = attempt(group);
        }
        if (failure == null) {
            if (writer.syncsApart()) {
                unsynced.incrementAndGet();
                committed.add(List.copyOf(group));
            } else {
                answer(group);
            }
            tend();
            return;
        }
        tellTrouble(failure);
        if (group.size() == 1 || broken != null || database.isAway(failure)) {
            fail(group, failure);
        } else {
            group.forEach(each -> commitGroup(new ArrayList<>(List.of(each))));
        }
    }

    /** Takes in what comes while the disk is busy with what was committed before: it would have to wait for that in any case. */
    private void gather(List<Waiting<?>> group, Transaction transaction) {
        gathering = true;
        while (unsynced.get() > 0 && group.size() < LARGEST_GROUP) {
            try {
                Waiting<?> more = queue.poll(1, TimeUnit.MILLISECONDS);
                if (more != null && more != synced) {
                    group.add(more);
                    more.run(transaction);
                }
            } catch (InterruptedException e) {
                closing = true;
                break;
            }
        }
        gathering = false;
    }

    private static void answer(List<Waiting<?>> group) {
        FailPoint.reach("after-commit");
        group.forEach(Waiting::complete);
    }

    /** Brings to the disk what was committed, until there is no more. */
    private void sync() {
        List<List<Waiting<?>>> groups = new ArrayList<>();
        StoreException failed = null;
        while (!closed || !committed.isEmpty()) {
            try {
                List<Waiting<?>> first = committed.poll(100, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                groups.add(first);
                committed.drainTo(groups);
                if (failed == null) {
                    writer.sync();
                    groups.forEach(Committer::answer);
                }
            } catch (InterruptedException e) {
                closed = true;
            } catch (Writer.DiskInDoubtException e) {
                failed = breakDown(e);
            } catch (RuntimeException | Error e) {
                failed = breakDown(
                        new Writer.DiskInDoubtException("bringing commits to the disk failed (" + e + ")", e));
            }
            if (failed != null) {
                for (List<Waiting<?>> group : groups) {
                    fail(group, failed);
                }
            }
            unsynced.addAndGet(-groups.size());
            groups.clear();
            if (gathering) {
                queue.offer(synced);
            }
        }
    }

    private void tend() {
        try {
            writer.tend();
        } catch (Writer.DiskInDoubtException e) {
            breakDown(e);
        }
    }

    /** @return why, for who waits */
    private StoreException breakDown(Writer.DiskInDoubtException failure) {
        String why = failure.getMessage() + "; nothing more is written until this process is started again";
        broken = why;
        LOG.error(why, failure);
        return new StoreException(why, failure);
    }

    private @Nullable RuntimeException attempt(List<Waiting<?>> group) {
        try {
            Handle handle = writer.begin();
            Transaction transaction = new Transaction(handle, database.sql(handle), number);
            group.forEach(each -> each.run(transaction));
            gather(group, transaction);
            transaction.beforeCommit();
            if (transaction.hasWork()) {
                writer.announceWork();
            }
        } catch (RuntimeException | Error e) {
            writer.rollback(e);
            return e instanceof RuntimeException failure ? failure : new StoreException("a write failed: " + e, e);
        }
        try {
            FailPoint.reach("before-commit");
            writer.commit();
            return null;
        } catch (Writer.DiskInDoubtException e) {
            return breakDown(e);
        } catch (RuntimeException e) {
            return e;
        }
    }

    private static void fail(Iterable<Waiting<?>> group, RuntimeException failure) {
        group.forEach(each -> each.done.completeExceptionally(failure));
    }

    /** Takes no more writes; those that wait are still written. */
    void stop() {
        closing = true;
    }

    @Override
    public void close() {
        stop();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(30));
            writer.giveUp();
            thread.join(TimeUnit.SECONDS.toMillis(5));
            closed = true;
            syncer.join(TimeUnit.SECONDS.toMillis(30));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        writer.close();
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
