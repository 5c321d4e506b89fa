package io.sendport.host.store.commit;

import io.sendport.support.Failures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Group commit: one thread takes all waiting writes and commits them together. If commits need a separate sync, a second thread syncs
 * earlier commits while the first one continues. {@link #commit} returns once the commit is on disk. After a commit that may or may
 * not be on disk, this process writes nothing more until it is restarted.
 */
public final class Committer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
    private static final int MAX_GROUP = 256;
    private static final int MAX_QUEUE = 10_000;
    /** How long a failed write is reported as trouble. */
    private static final long RECENT_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final String FAILED =
            "a thread of the store failed; nothing more is written until you restart this process";
    /** How often a transaction is tried if it conflicts with others. */
    private static final int MAX_TRIES = 5;

    private final Database database;
    private final Writer writer;
    private final int number;
    private final BlockingQueue<Pending<?>> queue = new ArrayBlockingQueue<>(MAX_QUEUE);
    private final Thread thread;
    private final Syncer syncer;
    /** A marker, not a write. It is put into the queue to wake the committing thread when all commits are on disk. */
    private final Pending<Boolean> diskIdle = new Pending<>(transaction -> true);

    private volatile int underWay;
    private volatile boolean closing;
    private volatile boolean gathering;
    private volatile @Nullable String broken;
    private volatile @Nullable String trouble;
    private volatile long troubledAt = System.nanoTime() - RECENT_NANOS;
    private volatile long committedAt = System.nanoTime();
    private volatile Seen seen = new Seen(StoreState.UNREAD, System.nanoTime(), false);
    private final AtomicReference<@Nullable String> loss;
    private volatile Consumer<Duration> observer = elapsed -> {};

    /** @param number the index of this committer in the process, from 0 */
    public Committer(Database database, int number) {
        this(database, number, new AtomicReference<>());
    }

    /** @param loss shared by the committers of the process: a loss that a connection has seen and that was not declared yet */
    public Committer(Database database, int number, AtomicReference<@Nullable String> loss) {
        this.loss = loss;
        this.database = database;
        this.number = number;
        this.writer = database.forWriting();
        this.syncer = new Syncer(writer, number, this::syncFailed, this::signalDiskIdle);
        thread = new Thread(this::run, "sendport-committer-" + number);
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Runs {@code write} in the next transaction, and returns its result once the transaction is on disk.
     *
     * @throws StoreException when the store is closed or cannot take the write, or when the result of the commit is unknown
     * @throws RuntimeException when the write or the database fails; nothing was stored
     */
    public <T> T commit(Write<T> write) {
        Pending<T> waiting = new Pending<>(write);
        long began = System.nanoTime();
        String why = broken;
        if (why != null || closing) {
            throw new StoreException(why == null ? "the store is closed" : why, null);
        }
        try {
            if (!queue.offer(waiting, 30, TimeUnit.SECONDS)) {
                throw new StoreException("the store has " + MAX_QUEUE + " writes waiting; try again later", null);
            }
            if (!thread.isAlive()) {
                fail(queue, new StoreException("the store is closed", null));
            }
            T result = waiting.await();
            observer.accept(Duration.ofNanos(System.nanoTime() - began));
            return result;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted before the write started; nothing was written", e);
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /**
     * Passes the duration of each later write to {@code elapsed}: the time until the write was on disk.
     *
     * @param elapsed called by several threads; must be fast and must not throw
     */
    public void observe(Consumer<Duration> elapsed) {
        observer = elapsed;
    }

    /** How many writes wait or are in progress. */
    public int waiting() {
        return queue.size() + underWay;
    }

    /** Why this process can no longer write until it is restarted; null while it can write. */
    @Nullable
    public String broken() {
        return broken;
    }

    /**
     * Why the database failed a write. A failure is reported for some seconds even if other writes succeed, and then until the next write
     * succeeds. Null if there is no such failure.
     *
     * @param success when a write last succeeded on any connection, by {@link System#nanoTime}
     */
    @Nullable
    public String trouble(long success) {
        boolean isRecent = System.nanoTime() - troubledAt < RECENT_NANOS;
        return isRecent || troubledAt - success > 0 ? trouble : null;
    }

    /** When a write last succeeded, by {@link System#nanoTime}. */
    public long committedAt() {
        return committedAt;
    }

    /** The state of the store as the last transaction read it. */
    public Seen seen() {
        return seen;
    }

    /**
     * A reading of the store's state.
     *
     * @param state the state
     * @param at when it was read, by {@link System#nanoTime}
     * @param isUndeclared whether it shows a loss that a connection of this process has seen and that was not declared yet
     */
    public record Seen(StoreState state, long at, boolean isUndeclared) {}

    /** Why the write-ahead log cannot be checkpointed; empty while it can. */
    public Optional<String> heldBack() {
        return writer.heldBack();
    }

    private void run() {
        List<Pending<?>> group = new ArrayList<>(MAX_GROUP);
        while (!closing || !queue.isEmpty()) {
            try {
                Pending<?> first = queue.poll(100, TimeUnit.MILLISECONDS);
                if (first == diskIdle) {
                    continue;
                }
                if (first != null) {
                    group.add(first);
                    queue.drainTo(group, MAX_GROUP - 1);
                } else if (writer.hasPendingNotify()) {
                    group.add(new Pending<>(Committer::announceWork));
                } else {
                    continue;
                }
                underWay = group.size();
                commitGroup(group);
            } catch (InterruptedException e) {
                closing = true;
            } catch (RuntimeException | Error e) {
                // Answer the callers first: logging the failure may fail too.
                broken = FAILED;
                fail(group, new StoreException(FAILED, e, StoreException.Reason.UNDECIDED));
                afterFailure(() -> writer.rollback(e));
                afterFailure(() -> breakDown("the committing thread failed (" + e + ")", e));
            } finally {
                underWay = 0;
                group.clear();
            }
        }
        fail(queue, new StoreException("the store is closed", null));
    }

    private static boolean announceWork(Transaction transaction) {
        transaction.signalWork();
        return true;
    }

    /** Logs only the first of a run of database failures. Every waiting caller still gets its own exception. */
    private void logTrouble(RuntimeException failure) {
        boolean unanswered = failure instanceof StoreException e && e.reason() == StoreException.Reason.UNDECIDED;
        if (unanswered || (failure instanceof JdbiException && !database.isConflict(failure))) {
            String what = unanswered ? String.valueOf(failure.getMessage()) : Failures.reason(failure);
            if (trouble(committedAt) == null) {
                LOG.error("a write to {} failed: {}", database.name(), what, isForAll(failure) ? null : failure);
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
        group.removeIf(each -> each == diskIdle);
        RuntimeException failure = attempt(group);
        for (int tries = 1; failure != null && database.isConflict(failure) && tries < MAX_TRIES; tries++) {
            failure = attempt(group);
        }
        if (failure == null) {
            syncer.hand(List.copyOf(group));
            // From here on, the syncer answers the callers, even if the next step fails.
            group.clear();
            maintain();
            return;
        }
        logTrouble(failure);
        if (group.size() == 1 || broken != null || isForAll(failure)) {
            fail(group, failure);
        } else {
            List<Pending<?>> alone = List.copyOf(group);
            // Each write is answered individually, even if a later one fails.
            group.clear();
            alone.forEach(each -> commitGroup(new ArrayList<>(List.of(each))));
        }
    }

    /** Whether all writes of a group fail for the same reason, or must not be repeated. */
    private boolean isForAll(RuntimeException failure) {
        return database.isAway(failure)
                || (failure instanceof StoreException e && e.reason() == StoreException.Reason.UNDECIDED);
    }

    /** Adds writes that arrive while the disk is busy with earlier commits. They would have to wait for the disk anyway. */
    private void gather(List<Pending<?>> group, Transaction transaction) {
        gathering = true;
        try {
            while (syncer.isBusy() && broken == null && group.size() < MAX_GROUP) {
                Pending<?> more = queue.poll(1, TimeUnit.MILLISECONDS);
                if (more != null && more != diskIdle) {
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

    private void signalDiskIdle() {
        if (gathering && !queue.offer(diskIdle)) {
            LOG.debug("the queue is full, so the committing thread needs no signal that the disk is free");
        }
    }

    private void maintain() {
        try {
            writer.maintain();
        } catch (Writer.DiskInDoubtException e) {
            breakDown(e);
        }
    }

    private StoreException breakDown(Writer.DiskInDoubtException failure) {
        return breakDown(String.valueOf(failure.getMessage()), failure);
    }

    /** Handles a failure. If that fails too, the thread must not end, because callers wait for it. */
    private static void afterFailure(Runnable what) {
        try {
            what.run();
        } catch (RuntimeException | Error e) {
            // Name only the class: the message of the error may be what fails.
            LOG.error(
                    "A second error occurred while the store handled a failure: {}. Nothing more is written until you restart"
                            + " this process",
                    e.getClass().getName());
        }
    }

    private StoreException syncFailed(Throwable failure) {
        broken = FAILED;
        if (failure instanceof Writer.DiskInDoubtException inDoubt) {
            return breakDown(inDoubt);
        }
        afterFailure(() -> breakDown("syncing commits to disk failed (" + failure + ")", failure));
        return new StoreException(String.valueOf(broken), failure, StoreException.Reason.UNDECIDED);
    }

    /** Stops all writes of this process. Returns the failure for the callers that wait. */
    private StoreException breakDown(String what, Throwable failure) {
        String why = what + "; nothing more is written until you restart this process";
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
            if (transaction.isErasing()) {
                writer.emptyLog();
            }
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

    /** The state that the transaction read. A loss that a connection of this process has seen counts until it is declared. */
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

    /** Accepts no more writes. Writes that wait are still committed. */
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
