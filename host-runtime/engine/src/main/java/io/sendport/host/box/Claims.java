package io.sendport.host.box;

import io.sendport.api.adapter.Advice;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.api.message.MessageId;
import io.sendport.host.decide.Decision;
import io.sendport.host.decide.NextAction;
import io.sendport.host.decide.Terms;
import io.sendport.host.store.Store;
import io.sendport.host.store.commit.Transaction;
import io.sendport.host.store.sql.Sql;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/**
 * Leases messages to instances. A claim sends nothing: if its instance dies before an attempt, the message is simply released. Only an
 * attempt that was open when its instance died is in doubt.
 */
public final class Claims {

    /** The pause before a message that was released after a failure is tried again, so that it cannot fail in a tight loop. */
    private static final Duration PAUSE = Duration.ofSeconds(5);

    /** Claims nothing for a port from the moment an operator stops it, even before its host notices. */
    static final String AND_NOT_STOPPED =
            " AND NOT EXISTS (SELECT 1 FROM port_state s WHERE s.port = ? AND s.state <> 'STARTED')";

    static final String AND_NONE_UNDER_WAY =
            " AND NOT EXISTS (SELECT 1 FROM message u WHERE u.port = ? AND u.lease_owner IS NOT NULL)";

    private final Store store;
    private final Clock clock;
    private final OpenAttempts openAttempts;
    private final Transition transition;
    private final Optional<MemoryClaims> inMemory;

    Claims(
            Store store,
            Clock clock,
            OpenAttempts openAttempts,
            Transition transition,
            Optional<MemoryClaims> inMemory) {
        this.store = store;
        this.clock = clock;
        this.openAttempts = openAttempts;
        this.transition = transition;
        this.inMemory = inMemory;
    }

    /** Claims that write nothing, for a store of a single process; empty on other stores. */
    public Optional<MemoryClaims> inMemory() {
        return inMemory;
    }

    /** Leases up to {@code most} due messages of {@code port}, oldest first. */
    public List<MessageRow> claim(String port, String instance, int most) {
        long now = clock.millis();
        return store.write(transaction -> {
            transaction.requireClaims();
            Sql sql = transaction.sql();
            List<MessageRow> due = sql.list(
                    row -> MessageRow.map(row, "becomes"),
                    "SELECT m.*, 'SENDING' AS becomes FROM message m WHERE m.port = ? AND m.queued = 1 AND m.due_at <= ?"
                            + AND_NOT_STOPPED + " ORDER BY m.due_at, m.seq LIMIT ? <skipLocked>",
                    port,
                    now,
                    port,
                    most);
            for (MessageRow each : due) {
                sql.change(
                        "UPDATE message SET state = 'SENDING', queued = 0, lease_owner = ? WHERE seq = ?",
                        instance,
                        each.seq());
            }
            return due;
        });
    }

    /**
     * Leases the first message of {@code port} that has not ended, if it is due, for ports that keep the order. While this message
     * is in progress, or waits for a retry or an operator, no other message is leased.
     *
     * @param skipSuspended whether to go on to later messages when a message is suspended
     */
    public List<MessageRow> claimHead(String port, String instance, boolean skipSuspended) {
        long now = clock.millis();
        return store.write(transaction -> {
            transaction.requireClaims();
            // A concurrent submit that began earlier may commit after a later message is already being sent.
            lockPort(transaction, port);
            return transaction
                    .handle()
                    .createQuery("UPDATE message SET state = 'SENDING', queued = 0, lease_owner = ? WHERE seq = "
                            + head(skipSuspended) + " AND queued = 1 AND due_at <= ?" + AND_NONE_UNDER_WAY
                            + AND_NOT_STOPPED
                            + " RETURNING *")
                    .bind(0, instance)
                    .bind(1, port)
                    .bind(2, now)
                    .bind(3, port)
                    .bind(4, port)
                    .map(MessageRow::map)
                    .list();
        });
    }

    /** The ports with forced messages. Such a message is tried once even if its port is stopped. */
    public Set<String> forced() {
        return Set.copyOf(store.readWithShortTimeout(
                handle -> handle.createQuery("SELECT DISTINCT port FROM message WHERE forced = 1 AND queued = 1")
                        .mapTo(String.class)
                        .list()));
    }

    /**
     * Leases forced messages of {@code port}, oldest first.
     *
     * @param ordered whether the port keeps the order, so that only one message may be in progress
     */
    public List<MessageRow> claimForced(String port, String instance, int most, boolean ordered) {
        return store.write(transaction -> {
            transaction.requireClaims();
            if (ordered) {
                lockPort(transaction, port);
            }
            return transaction
                    .handle()
                    // MATERIALIZED selects once: otherwise PostgreSQL may run the subquery again for each row and
                    // exceed its limit.
                    .createQuery("WITH chosen AS MATERIALIZED (SELECT seq FROM message WHERE port = ? AND forced = 1"
                            + " AND queued = 1 AND due_at <= ? ORDER BY seq LIMIT ? <skipLocked>)"
                            + " UPDATE message SET state = 'SENDING', queued = 0, lease_owner = ?"
                            + " WHERE seq IN (SELECT seq FROM chosen)"
                            + (ordered ? AND_NONE_UNDER_WAY.replace("?", "message.port") : "")
                            + " RETURNING *")
                    .bind(0, port)
                    .bind(1, clock.millis())
                    .bind(2, most)
                    .bind(3, instance)
                    .map(MessageRow::map)
                    .list();
        });
    }

    /** Serializes claims at a port that keeps the order. */
    private static void lockPort(Transaction transaction, String port) {
        transaction.handle().execute("UPDATE port_state SET at = at WHERE port = ?", port);
    }

    /** Whether {@link #claimHead} would find a message. */
    public boolean hasDueHead(String port, boolean skipSuspended) {
        return store.readWithShortTimeout(
                handle -> handle.createQuery("SELECT EXISTS (SELECT 1 FROM message WHERE seq = " + head(skipSuspended)
                                + " AND queued = 1 AND due_at <= ?)")
                        .bind(0, port)
                        .bind(1, clock.millis())
                        .mapTo(Boolean.class)
                        .one());
    }

    /** The message that blocks all others of an ordered {@code port} until an operator acts. */
    public Optional<MessageRow> blocking(String port, boolean skipSuspended) {
        return store.readWithShortTimeout(handle -> handle.createQuery("SELECT * FROM message WHERE seq = "
                        + head(skipSuspended) + " AND state IN ('SUSPENDED', 'IN_DOUBT')")
                .bind(0, port)
                .map(MessageRow::map)
                .findOne());
    }

    static String head(boolean skipSuspended) {
        return "(SELECT min(seq) FROM message WHERE port = ? AND ended_at IS NULL"
                + (skipSuspended ? " AND state <> 'SUSPENDED')" : ")");
    }

    /** Whether {@code port} has a due message. */
    public boolean hasDue(String port) {
        return store.readWithShortTimeout(handle -> handle.createQuery(
                        "SELECT EXISTS (SELECT 1 FROM message WHERE port = ? AND queued = 1 AND due_at <= ?)")
                .bind(0, port)
                .bind(1, clock.millis())
                .mapTo(Boolean.class)
                .one());
    }

    /** Releases messages that {@code instance} claimed and did not attempt; they may be claimed again after {@code pause}. */
    public void release(List<MessageRow> rows, String instance, Duration pause) {
        List<MessageRow> changing =
                rows.stream().filter(row -> row.isLeased() || !pause.isZero()).toList();
        if (!changing.isEmpty()) {
            store.change(transaction -> changing.forEach(row -> release(transaction.handle(), row, instance, pause)));
        }
    }

    private void release(Handle handle, MessageRow row, String instance, Duration pause) {
        long earliest = pause.isZero() ? 0 : clock.millis() + pause.toMillis();
        handle.execute(
                "UPDATE message SET state = CASE WHEN attempts = 0 THEN 'WAITING' ELSE 'RETRYING' END, queued = 1, lease_owner = NULL,"
                        + " due_at = CASE WHEN due_at < ? THEN ? ELSE due_at END WHERE seq = ?"
                        + " AND ((state = 'SENDING' AND lease_owner = ?) OR (queued = 1 AND steps = ?))",
                earliest,
                earliest,
                row.seq(),
                instance,
                row.stepsIfUnleased());
    }

    /**
     * Gives up work on a message that {@code instance} has claimed, after a failure at an unknown point. An open attempt is put in
     * doubt; without one, the message is released. Does nothing if the instance has lost its claim.
     */
    public void abandon(MessageRow row, String instance, Terms terms) {
        store.change(transaction -> {
            if (Transition.isClaimedBy(transaction.handle(), row, instance)) {
                takeOver(transaction, row, instance, terms, PAUSE);
            }
        });
    }

    /**
     * Takes over the work of stopped instances. Puts each open attempt in doubt, and then applies the rule of the port. Releases
     * messages that were claimed but not attempted.
     *
     * @param terms the retries and transports that a message has left at its port
     * @param mustRunAlone whether the released messages must run alone, because one of them may have crashed its process
     * @return the messages that were taken over
     */
    public List<Taken> takeOver(Function<MessageRow, Terms> terms, boolean mustRunAlone) {
        List<Left> left = store.read(handle -> handle.createQuery("SELECT * FROM message WHERE lease_owner IN"
                        + " (SELECT id FROM instance WHERE stopped_at IS NOT NULL)")
                .map((row, context) -> new Left(MessageRow.map(row, context), row.getString("lease_owner")))
                .list());
        List<Taken> taken = new ArrayList<>();
        for (Left each : left) {
            taken.addAll(store.write(transaction -> {
                if (!Transition.isClaimedBy(transaction.handle(), each.row(), each.owner())) {
                    return List.<Taken>of();
                }
                boolean attempted =
                        takeOver(transaction, each.row(), each.owner(), terms.apply(each.row()), Duration.ZERO);
                if (mustRunAlone && !attempted) {
                    // Mark it before any instance can claim it as a normal message.
                    transaction
                            .handle()
                            .execute(
                                    "UPDATE message SET queued = 2 WHERE seq = ?",
                                    each.row().seq());
                }
                return List.of(new Taken(each.row().id(), each.owner(), attempted));
            }));
        }
        return taken;
    }

    /** Takes over the work of stopped instances. The released messages may run beside others: the caller knows which were in a pipeline. */
    public List<Taken> takeOver(Function<MessageRow, Terms> terms) {
        return takeOver(terms, false);
    }

    /** A message that a stopped instance had claimed. */
    private record Left(MessageRow row, String owner) {}

    /**
     * A message that was taken over.
     *
     * @param message the message's id
     * @param owner the instance that had claimed it
     * @param attempted whether an attempt was open, and is now in doubt
     */
    public record Taken(MessageId message, String owner, boolean attempted) {}

    /** The messages that {@code instance} has leased. */
    public List<MessageRow> leasedBy(String instance) {
        return store.readWithShortTimeout(handle -> handle.createQuery("SELECT * FROM message WHERE lease_owner = ?")
                .bind(0, instance)
                .map(MessageRow::map)
                .list());
    }

    /**
     * Limits due times that are too far in the future, because the clock was ahead when they were set. After this, a first attempt is
     * due at once, and a retry is due after {@code longestWait} at most. Call this at a start, while no other process runs.
     *
     * @param longestWait returns the longest wait between two attempts at a port
     * @return how many messages are now due earlier
     */
    public int capDueTimes(Function<String, Duration> longestWait) {
        long now = clock.millis();
        int changed = store.write(transaction -> transaction
                .handle()
                .execute(
                        "UPDATE message SET due_at = ? WHERE state = 'WAITING' AND queued = 1 AND due_at > ?",
                        now,
                        now));
        List<String> ports = store.read(handle -> handle.createQuery(
                        "SELECT DISTINCT port FROM message WHERE state = 'RETRYING' AND queued = 1 AND due_at > ?")
                .bind(0, now)
                .mapTo(String.class)
                .list());
        for (String port : ports) {
            long latest = now + longestWait.apply(port).toMillis();
            changed += store.write(transaction -> transaction
                    .handle()
                    .execute(
                            "UPDATE message SET due_at = ? WHERE port = ? AND state = 'RETRYING' AND queued = 1 AND due_at > ?",
                            latest,
                            port,
                            latest));
        }
        return changed;
    }

    /** Returns whether an attempt was open. */
    private boolean takeOver(Transaction transaction, MessageRow row, String owner, Terms terms, Duration pause) {
        Handle handle = transaction.handle();
        if (openAttempts.putInDoubt(transaction, row) == 0) {
            release(handle, row, owner, pause);
            return false;
        }
        // An attempt may have started after the row was read.
        MessageRow now = bySeq(handle, row.seq());
        List<RecipientResult> all = Deliveries.recipients(handle, row.seq());
        NextAction next = Decision.after(all, terms, now.tries(), now.submittedAt(), clock.instant(), Advice.NONE);
        NextAction soon = next instanceof NextAction.Retry ? new NextAction.Retry(clock.instant()) : next;
        transition.apply(transaction, now, soon, clock.instant(), 0);
        return true;
    }

    /** The message with that number, unless it was deleted. */
    static Optional<MessageRow> findBySeq(Handle handle, long seq) {
        return handle.createQuery("SELECT * FROM message WHERE seq = ?")
                .bind(0, seq)
                .map(MessageRow::map)
                .findOne();
    }

    static MessageRow bySeq(Handle handle, long seq) {
        return handle.createQuery("SELECT * FROM message WHERE seq = ?")
                .bind(0, seq)
                .map(MessageRow::map)
                .one();
    }

    /**
     * Moves the due times of waiting messages to earlier, after the clock was set back.
     *
     * @param step by how much the clock changed; negative
     * @return how many due times were moved
     */
    public int bringForward(Duration step) {
        long now = clock.millis();
        return store.write(transaction -> transaction
                .handle()
                .execute(
                        "UPDATE message SET due_at = CASE WHEN due_at + ? > ? THEN due_at + ? ELSE ? END"
                                + " WHERE queued = 1 AND ended_at IS NULL AND due_at > ?",
                        step.toMillis(),
                        now,
                        step.toMillis(),
                        now,
                        now));
    }
}
