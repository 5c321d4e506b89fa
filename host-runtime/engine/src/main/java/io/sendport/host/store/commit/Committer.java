package io.sendport.host.store.commit;

import io.sendport.support.Failures;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
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
public final class Committer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
    private static final int LARGEST_GROUP = 256;
    private static final int LONGEST_QUEUE = 10_000;
    /** How long a failed write counts as trouble. */
    private static final long LATELY_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final String FAILED =
            "a thread of the store failed; nothing more is written until this process is started again";
    /** How often what others stood in the way of is tried. */
    private static final int MOST_TRIES = 5;

    private final Database database;
    private final Writer writer;
    private final int number;
    private final BlockingQueue<Pending<?>> queue = new ArrayBlockingQueue<>(LONGEST_QUEUE);
    private final Thread thread;
    private final Syncer syncer;
    /** Comes among the writes when the disk is ready for more. */
    private final Pending<Boolean> free = new Pending<>(transaction -> true);

    private volatile int underWay;
    private volatile boolean closing;
    private volatile boolean gathering;
    private volatile @Nullable String broken;
    private volatile @Nullable String trouble;
    private volatile long troubledAt = System.nanoTime() - LATELY_NANOS;
    private volatile long committedAt = System.nanoTime();
    private volatile Seen seen = new Seen(StoreState.UNREAD, System.nanoTime(), false);
    private final AtomicReference<@Nullable String> loss;

    /** @param number of this among the process's committers, from 0 */
    public Committer(Database database, int number) {
        this(database, number, new AtomicReference<>());
    }

    /** @param loss what any of the process's connections saw to be lost and nobody declared yet */
    public Committer(Database database, int number, AtomicReference<@Nullable String> loss) {
        this.loss = loss;
        this.database = database;
        this.number = number;
        this.writer = database.forWriting();
        this.syncer = new Syncer(writer, number, this::syncFailed, this::tellThatFree);
        thread = new Thread(this::run, "sendport-committer-" + number);
        thread.setDaemon(true);
        thread.start();
    }

    /** Waits for the commit. */
    public <T> T commit(Write<T> write) {
        Pending<T> waiting = new Pending<>(write);
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
            return waiting.await();
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
    public int waiting() {
        return queue.size() + underWay;
    }

    /** Why nothing is written any more; null while it is. */
    @Nullable
    public String broken() {
        return broken;
    }

    /**
     * Why a write failed, where that came of the database: within the last seconds, whether or not others succeed beside, or since any
     * succeeded; else null.
     *
     * @param success when a write last succeeded over any connection, by {@link System#nanoTime}
     */
    @Nullable
    public String trouble(long success) {
        boolean lately = System.nanoTime() - troubledAt < LATELY_NANOS;
        return lately || troubledAt - success > 0 ? trouble : null;
    }

    /** When a write last succeeded, by {@link System#nanoTime}. */
    public long committedAt() {
        return committedAt;
    }

    /** What holds of the store as a whole, as the last transaction found it. */
    public Seen seen() {
        return seen;
    }

    /**
     * A look at the store as a whole.
     *
     * @param state what it showed
     * @param at when, by {@link System#nanoTime}
     * @param isUndeclared whether it shows a loss that only this connection knows of yet
     */
    public record Seen(StoreState state, long at, boolean isUndeclared) {}

    /** Why what was committed can't be moved to where it belongs; empty while it can. */
    public Optional<String> heldBack() {
        return writer.heldBack();
    }

    private void run() {
        List<Pending<?>> group = new ArrayList<>(LARGEST_GROUP);
        while (!closing || !queue.isEmpty()) {
            try {
                Pending<?> first = queue.poll(100, TimeUnit.MILLISECONDS);
                if (first == free) {
                    continue;
                }
                if (first != null) {
                    group.add(first);
                    queue.drainTo(group, LARGEST_GROUP - 1);
                } else if (writer.hasPendingNotify()) {
                    group.add(new Pending<>(Committer::tellOfWork));
                } else {
                    continue;
                }
                underWay = group.size();
                commitGroup(group);
            } catch (InterruptedException e) {
                closing = true;
            } catch (RuntimeException | Error e) {
                // Callers first: what is said of the failure may fail as well.
                broken = FAILED;
                fail(group, new StoreException(FAILED, e, StoreException.Reason.UNDECIDED));
                afterFailure(() -> writer.rollback(e));
                afterFailure(() -> breakDown("the committing thread failed (" + e + ")", e));
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

    /** Logs only the first of a run of database failures. Every waiting caller still gets its own exception. */
    private void tellTrouble(RuntimeException failure) {
        boolean unanswered = failure instanceof StoreException e && e.reason() == StoreException.Reason.UNDECIDED;
        if (unanswered || (failure instanceof JdbiException && !database.isConflict(failure))) {
            String what = unanswered ? String.valueOf(failure.getMessage()) : Failures.reason(failure);
            if (trouble(committedAt) == null) {
                LOG.error("a write to {} failed: {}", database.name(), what, failure);
            }
            troubledAt = System.nanoTime();
            trouble = what;
        }
    }

    private void commitGroup(List<Pending<?>> group) {
        String why = broken;
        if (why != null) {
            fail(group, new StoreException(why, null));
            return;
        }
        group.removeIf(each -> each == free);
        RuntimeException failure = attempt(group);
        for (int tries = 1; failure != null && database.isConflict(failure) && tries < MOST_TRIES; tries++) {
            failure = attempt(group);
        }
        if (failure == null) {
            syncer.hand(List.copyOf(group));
            // They are answered, or will be, whatever comes next.
            group.clear();
            tend();
            return;
        }
        tellTrouble(failure);
        if (group.size() == 1 || broken != null || isForAll(failure)) {
            fail(group, failure);
        } else {
            List<Pending<?>> alone = List.copyOf(group);
            // Each is answered by itself, whatever comes of those behind it.
            group.clear();
            alone.forEach(each -> commitGroup(new ArrayList<>(List.of(each))));
        }
    }

    /** Whether each of a group would fail alike, or must not be tried again. */
    private boolean isForAll(RuntimeException failure) {
        return database.isAway(failure)
                || (failure instanceof StoreException e && e.reason() == StoreException.Reason.UNDECIDED);
    }

    /** Takes in what comes while the disk is busy with what was committed before: it would have to wait for that in any case. */
    private void gather(List<Pending<?>> group, Transaction transaction) {
        gathering = true;
        try {
            while (syncer.isBusy() && broken == null && group.size() < LARGEST_GROUP) {
                Pending<?> more = queue.poll(1, TimeUnit.MILLISECONDS);
                if (more != null && more != free) {
                    group.add(more);
                    more.run(transaction);
                }
            }
        } catch (InterruptedException e) {
            closing = true;
        } finally {
            gathering = false;
        }
    }

    private void tellThatFree() {
        if (gathering && !queue.offer(free)) {
            LOG.debug("so many writes wait that nobody need be told that the disk is free");
        }
    }

    private void tend() {
        try {
            writer.tend();
        } catch (Writer.DiskInDoubtException e) {
            breakDown(e);
        }
    }

    private StoreException breakDown(Writer.DiskInDoubtException failure) {
        return breakDown(String.valueOf(failure.getMessage()), failure);
    }

    /** What can't be said of a failure, since that fails too, must not end the thread that others wait for. */
    private static void afterFailure(Runnable what) {
        try {
            what.run();
        } catch (RuntimeException | Error e) {
            LOG.error("a failure could not be handled whole");
        }
    }

    private StoreException syncFailed(Throwable failure) {
        broken = FAILED;
        if (failure instanceof Writer.DiskInDoubtException inDoubt) {
            return breakDown(inDoubt);
        }
        afterFailure(() -> breakDown("bringing commits to the disk failed (" + failure + ")", failure));
        return new StoreException(String.valueOf(broken), failure, StoreException.Reason.UNDECIDED);
    }

    /** @return why, for who waits */
    private StoreException breakDown(String what, Throwable failure) {
        String why = what + "; nothing more is written until this process is started again";
        broken = why;
        LOG.error(why, failure);
        return new StoreException(why, failure, StoreException.Reason.UNDECIDED);
    }

    private @Nullable RuntimeException attempt(List<Pending<?>> group) {
        Transaction transaction;
        try {
            Handle handle = writer.begin();
            StoreState state = found();
            state.refusesWrites().ifPresent(why -> {
                throw why;
            });
            transaction = new Transaction(handle, database.sql(handle), number, state);
        } catch (Writer.DiskInDoubtException e) {
            return breakDown(e);
        } catch (RuntimeException | Error e) {
            return rolledBack(e);
        }
        try {
            group.forEach(each -> each.run(transaction));
            gather(group, transaction);
            transaction.beforeCommit();
            if (transaction.hasWork() || writer.hasPendingNotify()) {
                writer.announceWork();
            }
        } catch (RuntimeException | Error e) {
            transaction.fail();
            return rolledBack(e);
        }
        try {
            FailPoint.reach("before-commit");
            writer.commit();
            committedAt = System.nanoTime();
            transaction.committed();
            return null;
        } catch (Writer.DiskInDoubtException e) {
            return breakDown(e);
        } catch (RuntimeException e) {
            return e;
        }
    }

    private RuntimeException rolledBack(Throwable why) {
        writer.rollback(why);
        return why instanceof RuntimeException failure ? failure : new StoreException("a write failed: " + why, why);
    }

    /** What this connection saw to be lost counts until it is declared to all. */
    private StoreState found() {
        StoreState found = writer.state();
        writer.lossSeen().ifPresent(loss::set);
        if (found.lost().isPresent()) {
            loss.set(null);
        }
        String undeclared = loss.get();
        StoreState state = undeclared == null ? found : found.orLost(undeclared);
        seen = new Seen(state, System.nanoTime(), undeclared != null);
        return state;
    }

    private static void fail(Iterable<Pending<?>> group, RuntimeException failure) {
        group.forEach(each -> each.fail(failure));
    }

    /** Takes no more writes; those that wait are still written. */
    public void stop() {
        closing = true;
    }

    @Override
    public void close() {
        stop();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(30));
            writer.giveUp();
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        syncer.close();
        writer.close();
    }
}
