package io.sendport.host.box;

import io.sendport.host.box.control.Actor;
import io.sendport.host.store.Store;
import io.sendport.host.store.commit.Transaction;
import io.sendport.support.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * Acts on all messages that a filter finds. The messages are counted, the operator confirms, and only messages that have not
 * changed since are acted on. If the process that runs an act dies, another continues it. Safe for use by several threads.
 */
public final class BulkActs {

    /** The largest number of messages in one act. */
    public static final int MAX_COUNT = 1_000_000;

    /** How long a count can be confirmed. */
    public static final Duration CONFIRMABLE = Duration.ofMinutes(5);

    /** How long the runner of an act keeps it exclusively without a renewal. */
    private static final Duration LEASE = Duration.ofSeconds(15);

    /** Items that are deleted in one transaction. */
    private static final int ROWS = 2_000;

    /** After this time, nothing still counts or confirms the act. */
    private static final Duration STALE = Duration.ofHours(1);

    /** Messages that are changed in one transaction. */
    private static final int BATCH = 50;

    private static final int SECRET_BYTES = 24;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Store store;
    private final Clock clock;
    private final Acts acts;

    BulkActs(Store store, Clock clock, Acts acts) {
        this.store = store;
        this.clock = clock;
        this.acts = acts;
    }

    /**
     * A counted act.
     *
     * @param act the act
     * @param confirm the token that confirms it; it is not stored
     */
    public record Counted(BulkAct act, String confirm) {}

    /** The filter finds more messages than one act may change. */
    public static final class TooManyException extends Exception {
        private static final long serialVersionUID = 1L;

        TooManyException() {
            super("the filter finds more than " + MAX_COUNT + " messages; narrow it by time or port");
        }
    }

    /**
     * A message that was skipped.
     *
     * @param id the message's id
     * @param why the reason
     * @param hasChanged whether it was skipped because it changed after the count
     */
    public record Left(String id, String why, boolean hasChanged) {}

    /**
     * The result of one batch.
     *
     * @param more whether the same runner may have more to do
     * @param left the messages that were skipped
     */
    public record Batch(boolean more, List<Left> left) {}

    /**
     * Counts, in one snapshot, the messages that {@code filter} finds, and stores the state of each. Messages that have ended
     * count only for acts that concern how long they are kept.
     *
     * @param text the filter as the operator entered it
     * @param authority see {@link BulkAct#authority}
     * @throws TooManyException when there are more than {@link #MAX_COUNT}; the unfinished count stays as a stopped act until
     *     {@link #tidy} deletes it
     */
    public Counted count(List<MessageAct> wanted, MessageFilter filter, String text, Actor actor, String authority)
            throws TooManyException {
        String id = UUID.randomUUID().toString();
        byte[] secret = new byte[SECRET_BYTES];
        RANDOM.nextBytes(secret);
        String confirm = HexFormat.of().formatHex(secret);
        // Insert the act first, so that its items always have an owner. Confirm refuses it until all items are stored.
        store.change(transaction -> transaction
                .handle()
                .execute(
                        "INSERT INTO bulk_act (id, acts, filter, actor, reason, authority, confirm, state, counted_at, total, why)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 'counting')",
                        id,
                        wanted.stream().map(MessageAct::name).collect(Collectors.joining(",")),
                        text,
                        actor.name(),
                        actor.reason(),
                        authority,
                        hash(confirm),
                        BulkAct.State.STOPPED.name(),
                        clock.millis()));
        long total = store.readSnapshot(
                handle -> new BulkCount(store, filter, id, wanted.stream().allMatch(MessageAct::isAboutKeeping))
                        .countAndStore(handle));
        if (total > MAX_COUNT) {
            throw new TooManyException();
        }
        store.change(transaction -> transaction
                .handle()
                .execute(
                        "UPDATE bulk_act SET state = ?, counted_at = ?, total = ?, why = '' WHERE id = ?",
                        BulkAct.State.COUNTED.name(),
                        clock.millis(),
                        total,
                        id));
        return new Counted(find(id).orElseThrow(), confirm);
    }

    private static String hash(String confirm) {
        return Sha256.hex(confirm.getBytes(StandardCharsets.UTF_8));
    }

    /** The act with that id. */
    public Optional<BulkAct> find(String id) {
        return store.read(handle -> handle.createQuery("SELECT * FROM bulk_act WHERE id = ?")
                .bind(0, id)
                .map(BulkActs::map)
                .findOne());
    }

    /** The newest acts. */
    public List<BulkAct> newest(int most) {
        return store.read(handle -> handle.createQuery("SELECT * FROM bulk_act ORDER BY counted_at DESC, id LIMIT ?")
                .bind(0, most)
                .map(BulkActs::map)
                .list());
    }

    /** Some of the counted messages, oldest first. */
    public List<MessageRow> sample(String id, int most) {
        return store.read(handle -> handle.createQuery(
                        "SELECT m.* FROM bulk_item i JOIN message m ON m.seq = i.seq WHERE i.act = ? ORDER BY i.seq LIMIT ?")
                .bind(0, id)
                .bind(1, most)
                .map(MessageRow::map)
                .list());
    }

    private static BulkAct map(ResultSet row, StatementContext context) throws SQLException {
        long ended = row.getLong("ended_at");
        boolean open = row.wasNull();
        return new BulkAct(
                row.getString("id"),
                Arrays.stream(row.getString("acts").split(","))
                        .map(MessageAct::valueOf)
                        .toList(),
                row.getString("filter"),
                new Actor(row.getString("actor"), row.getString("reason")),
                row.getString("authority"),
                BulkAct.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                Instant.ofEpochMilli(row.getLong("counted_at")),
                row.getLong("total"),
                row.getLong("done"),
                row.getLong("changed"),
                row.getLong("refused"),
                open ? Optional.empty() : Optional.of(Instant.ofEpochMilli(ended)),
                row.getString("why"));
    }

    /**
     * Starts an act.
     *
     * @param owner the process that runs it at once; empty for any process that looks for work
     * @return why it was not started; empty when it was
     */
    public Optional<String> confirm(String id, String confirm, Optional<String> owner) {
        return store.write(transaction -> {
            Optional<BulkAct> found = locked(transaction.handle(), id);
            String kept = transaction
                    .handle()
                    .createQuery("SELECT confirm FROM bulk_act WHERE id = ?")
                    .bind(0, id)
                    .mapTo(String.class)
                    .findOne()
                    .orElse("");
            if (found.isEmpty()
                    || !MessageDigest.isEqual(
                            kept.getBytes(StandardCharsets.UTF_8), hash(confirm).getBytes(StandardCharsets.UTF_8))) {
                return Optional.of("the confirmation does not belong to this act; count again");
            }
            if (found.get().state() != BulkAct.State.COUNTED) {
                return Optional.of("the act is already " + found.get().state().word());
            }
            if (found.get().countedAt().plus(CONFIRMABLE).isBefore(clock.instant())) {
                return Optional.of("it was counted more than " + CONFIRMABLE.toMinutes() + " minutes ago; count again");
            }
            transaction
                    .handle()
                    .execute(
                            "UPDATE bulk_act SET state = ?, lease_owner = ?, lease_until = ? WHERE id = ?",
                            BulkAct.State.RUNNING.name(),
                            owner.orElse(""),
                            owner.isPresent() ? clock.millis() + LEASE.toMillis() : 0,
                            id);
            return Optional.empty();
        });
    }

    private static Optional<BulkAct> locked(Handle handle, String id) {
        handle.execute("UPDATE bulk_act SET state = state WHERE id = ?", id);
        return handle.createQuery("SELECT * FROM bulk_act WHERE id = ?")
                .bind(0, id)
                .map(BulkActs::map)
                .findOne();
    }

    /**
     * Stops an act at its current position; changes already made stay.
     *
     * @return whether it was counted or running
     */
    public boolean stop(String id, String why) {
        return store.write(transaction -> {
            Handle handle = transaction.handle();
            boolean stopped = handle.execute(
                            "UPDATE bulk_act SET state = ?, ended_at = ?, why = ?, lease_owner = '' WHERE id = ?"
                                    + " AND state IN ('COUNTED', 'RUNNING')",
                            BulkAct.State.STOPPED.name(),
                            clock.millis(),
                            why,
                            id)
                    > 0;
            return stopped;
        });
    }

    /**
     * Claims a running act that no process works on. {@code owner} holds it for some seconds; each batch renews the claim.
     *
     * @param fits whether {@code owner} can run it
     */
    public Optional<BulkAct> claim(String owner, Predicate<BulkAct> fits) {
        List<BulkAct> free = store.read(handle -> handle.createQuery(
                        "SELECT * FROM bulk_act WHERE state = 'RUNNING' AND lease_until < ? ORDER BY counted_at")
                .bind(0, clock.millis())
                .map(BulkActs::map)
                .list());
        return free.stream().filter(fits).filter(each -> take(each.id(), owner)).findFirst();
    }

    private boolean take(String id, String owner) {
        return store.write(transaction -> transaction
                        .handle()
                        .execute(
                                "UPDATE bulk_act SET lease_owner = ?, lease_until = ? WHERE id = ? AND state = 'RUNNING' AND lease_until < ?",
                                owner,
                                clock.millis() + LEASE.toMillis(),
                                id,
                                clock.millis())
                > 0);
    }

    /**
     * Acts on the next messages. Each act, its record and its progress mark are one transaction, which also checks that
     * {@code owner} still holds the act.
     *
     * @param may whether the actor may still act on a port
     */
    public Batch batch(BulkAct act, String owner, Predicate<String> may) {
        return store.write(transaction -> batch(transaction, act, owner, may));
    }

    private Batch batch(Transaction transaction, BulkAct act, String owner, Predicate<String> may) {
        Handle handle = transaction.handle();
        int mine = handle.execute(
                "UPDATE bulk_act SET lease_until = ? WHERE id = ? AND lease_owner = ? AND state = 'RUNNING'",
                clock.millis() + LEASE.toMillis(),
                act.id(),
                owner);
        if (mine == 0) {
            return new Batch(false, List.of());
        }
        List<BulkCount.Item> items = handle.createQuery(
                        "SELECT seq, steps FROM bulk_item WHERE act = ? ORDER BY seq LIMIT ?")
                .bind(0, act.id())
                .bind(1, BATCH)
                .map((row, context) -> new BulkCount.Item(row.getLong(1), row.getLong(2)))
                .list();
        List<Left> left = new ArrayList<>();
        for (BulkCount.Item item : items) {
            act(transaction, act, item, may).ifPresent(left::add);
            handle.execute("DELETE FROM bulk_item WHERE act = ? AND seq = ?", act.id(), item.seq());
        }
        boolean more = items.size() == BATCH;
        handle.execute(
                "UPDATE bulk_act SET done = done + ?, changed = changed + ?, refused = refused + ? WHERE id = ?",
                items.size() - left.size(),
                left.stream().filter(Left::hasChanged).count(),
                left.stream().filter(each -> !each.hasChanged()).count(),
                act.id());
        if (!more) {
            handle.execute(
                    "UPDATE bulk_act SET state = ?, ended_at = ?, lease_owner = '' WHERE id = ?",
                    BulkAct.State.DONE.name(),
                    clock.millis(),
                    act.id());
        }
        return new Batch(more, left);
    }

    private Optional<Left> act(Transaction transaction, BulkAct act, BulkCount.Item item, Predicate<String> may) {
        Optional<MessageRow> row = Claims.findBySeq(transaction.handle(), item.seq());
        if (row.isEmpty() || row.get().steps() != item.steps()) {
            return Optional.of(new Left(
                    row.map(there -> there.id().value()).orElse("(deleted)"),
                    "it has changed since it was counted",
                    true));
        }
        String id = row.get().id().value();
        if (!may.test(row.get().port())) {
            return Optional.of(new Left(
                    id,
                    act.actor().name() + " may no longer act at port "
                            + row.get().port(),
                    false));
        }
        OptionalLong steps = OptionalLong.of(item.steps());
        for (MessageAct one : act.acts()) {
            Optional<String> fault = acts.act(transaction, one, row.get(), steps, act.actor());
            if (fault.isPresent()) {
                return Optional.of(new Left(id, fault.get(), false));
            }
            // The first act changes the steps; that must not stop the second act.
            steps = OptionalLong.empty();
        }
        return Optional.empty();
    }

    /**
     * Deletes the items of acts that no longer run, and the acts that were counted before {@code before}. Uses small
     * transactions.
     */
    void tidy(Instant before) {
        long stale = clock.instant().minus(STALE).toEpochMilli();
        int deleted = ROWS;
        while (deleted == ROWS) {
            deleted = store.write(transaction -> transaction
                    .handle()
                    .execute(
                            "DELETE FROM bulk_item WHERE (act, seq) IN (SELECT i.act, i.seq FROM bulk_item i JOIN bulk_act b ON b.id = i.act"
                                    + " WHERE b.state <> 'RUNNING' AND b.counted_at < ? LIMIT "
                                    + ROWS + ")",
                            stale));
        }
        store.change(transaction -> transaction
                .handle()
                .execute(
                        "DELETE FROM bulk_act WHERE counted_at < ? AND state <> 'RUNNING' AND NOT EXISTS"
                                + " (SELECT 1 FROM bulk_item i WHERE i.act = bulk_act.id)",
                        before.toEpochMilli()));
    }
}
