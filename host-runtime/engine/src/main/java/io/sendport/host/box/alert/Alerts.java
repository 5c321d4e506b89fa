package io.sendport.host.box.alert;

import io.sendport.host.condition.alert.Alert;
import io.sendport.host.condition.alert.AlertEvaluation;
import io.sendport.host.condition.alert.AlertProgress;
import io.sendport.host.condition.alert.AlertState;
import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Kind;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.store.Store;
import io.sendport.host.store.commit.Transaction;
import io.sendport.support.text.Text;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/**
 * The alerts of a message box. One process at a time sends alerts, and it needs a lease for that. Each change checks the lease in the same
 * transaction, so a process that has lost the lease changes nothing. Safe for use by several threads.
 */
public final class Alerts {

    /** The longest pause of a channel after a failure. */
    public static final Duration MAX_PAUSE = Duration.ofMinutes(5);

    /** Longer than any lease. */
    private static final long MAX_LEASE_MILLIS = Duration.ofMinutes(10).toMillis();

    private final Store store;
    private final Ledger ledger;
    private final Clock clock;

    public Alerts(Store store, Ledger ledger, Clock clock) {
        this.store = store;
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * Takes or renews the lease. Writes only when less than half of the lease is left.
     *
     * @return whether {@code owner} holds the lease
     */
    public boolean lease(String owner, Duration lease) {
        long now = clock.millis();
        Map.Entry<String, Long> held =
                store.readWithShortTimeout(handle -> handle.createQuery("SELECT owner, until FROM alert_speaker")
                        .map((row, context) -> Map.entry(row.getString(1), row.getLong(2)))
                        .one());
        boolean isMine = held.getKey().equals(owner);
        // Ignore a lease that ends too far in the future: it was written before the clock was set back.
        boolean isOver = held.getValue() <= now || held.getValue() > now + MAX_LEASE_MILLIS + lease.toMillis();
        if (isMine && !isOver && held.getValue() > now + lease.toMillis() / 2) {
            return true;
        }
        if (!isMine && !isOver) {
            return false;
        }
        return store.write(transaction -> transaction
                        .handle()
                        .execute(
                                "UPDATE alert_speaker SET owner = ?, until = ? WHERE owner = ? AND until = ?",
                                owner,
                                now + lease.toMillis(),
                                held.getKey(),
                                held.getValue())
                == 1);
    }

    /** Gives the lease back, so that another process can take it at once. */
    public void release(String owner) {
        store.change(transaction ->
                transaction.handle().execute("UPDATE alert_speaker SET owner = '', until = 0 WHERE owner = ?", owner));
    }

    /** Whether {@code owner} holds the lease. Locks its row, so that no other process takes the lease until the transaction ends. */
    private static boolean holdsLease(Transaction transaction, String owner) {
        return transaction.handle().execute("UPDATE alert_speaker SET owner = owner WHERE owner = ?", owner) == 1;
    }

    /** All alerts. A condition that does not exist, or that ended long enough ago, has none. */
    public List<AlertProgress> all() {
        return store.readWithShortTimeout(
                handle -> handle.createQuery("SELECT subject, state, since, announced_at, note FROM alert")
                        .map((row, context) -> alert(row))
                        .list());
    }

    private static AlertProgress alert(ResultSet row) throws SQLException {
        long announced = row.getLong(4);
        Optional<Instant> announcedAt = row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(announced));
        return new AlertProgress(
                row.getString(1),
                AlertState.valueOf(row.getString(2)),
                Instant.ofEpochMilli(row.getLong(3)),
                announcedAt,
                NoteJson.notes(row.getString(5)).get(0));
    }

    /**
     * Writes the changes of an evaluation, and its messages for each of {@code channels}, in one transaction.
     *
     * @param before the alerts before the evaluation
     * @param turn the evaluation
     * @return whether anything was written; false also when {@code owner} no longer holds the lease
     */
    public boolean write(
            String owner, Collection<AlertProgress> before, AlertEvaluation turn, Collection<String> channels) {
        Map<List<String>, AlertProgress> gone = new HashMap<>();
        before.forEach(each -> gone.put(key(each), each));
        List<AlertProgress> changed = turn.alerts().stream()
                .filter(each -> {
                    AlertProgress old = gone.remove(key(each));
                    return old == null || !old.isLike(each);
                })
                .toList();
        if (changed.isEmpty() && gone.isEmpty() && turn.announcements().isEmpty()) {
            return false;
        }
        return store.write(transaction -> {
            if (!holdsLease(transaction, owner)) {
                return false;
            }
            Handle handle = transaction.handle();
            gone.keySet()
                    .forEach(key ->
                            handle.execute("DELETE FROM alert WHERE kind = ? AND subject = ?", key.get(0), key.get(1)));
            changed.forEach(each -> put(handle, each));
            turn.announcements().forEach(each -> put(handle, each, channels));
            return true;
        });
    }

    private static List<String> key(AlertProgress alert) {
        return List.of(alert.note().kind().name(), alert.subject());
    }

    private static void put(Handle handle, AlertProgress alert) {
        handle.execute(
                "INSERT INTO alert (kind, subject, state, since, announced_at, note) VALUES (?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (kind, subject) DO UPDATE SET state = excluded.state, since = excluded.since,"
                        + " announced_at = excluded.announced_at, note = excluded.note",
                alert.note().kind().name(),
                alert.subject(),
                alert.state().name(),
                alert.since().toEpochMilli(),
                alert.announcedAt().map(Instant::toEpochMilli).orElse(null),
                NoteJson.of(List.of(alert.note())));
    }

    private static void put(Handle handle, Alert message, Collection<String> channels) {
        List<String> those =
                channels.stream().filter(each -> !message.isOnlyAbout(each)).toList();
        if (those.isEmpty()) {
            return;
        }
        handle.execute(
                "INSERT INTO alert_message (id, type, at, notes) VALUES (?, ?, ?, ?)",
                message.id(),
                message.type().name(),
                message.at().toEpochMilli(),
                NoteJson.of(message.notes()));
        those.forEach(each ->
                handle.execute("INSERT INTO alert_delivery (message, channel) VALUES (?, ?)", message.id(), each));
    }

    /** The oldest message that {@code channel} has not taken yet. Empty while the channel pauses after a failure. */
    public Optional<Alert> next(String channel) {
        return store.readWithShortTimeout(handle -> handle.createQuery(
                        "SELECT m.id, m.type, m.at, m.notes FROM alert_delivery d JOIN alert_message m ON m.id = d.message"
                                + " WHERE d.channel = ?"
                                + " AND NOT EXISTS (SELECT 1 FROM alert_channel c WHERE c.name = d.channel AND c.next_at > ? AND c.next_at <= ?)"
                                + " ORDER BY m.at, m.id LIMIT 1")
                .bind(0, channel)
                .bind(1, clock.millis())
                // Ignore a time that is further off: it was written before the clock was set back.
                .bind(2, clock.millis() + MAX_PAUSE.toMillis())
                .map((row, context) -> new Alert(
                        row.getString(1),
                        Alert.Type.valueOf(row.getString(2)),
                        Instant.ofEpochMilli(row.getLong(3)),
                        NoteJson.notes(row.getString(4))))
                .findOne());
    }

    /**
     * Records on the ledger that {@code channel} took a message.
     *
     * @param instance the instance that sent it
     * @return whether {@code owner} still holds the lease; if not, nothing is written, and the next holder sends the message again
     */
    public boolean taken(String owner, String instance, String channel, Alert message) {
        return store.write(transaction -> {
            if (!holdsLease(transaction, owner)) {
                return false;
            }
            if (finish(transaction.handle(), message.id(), channel)) {
                transaction.handle().execute("DELETE FROM alert_channel WHERE name = ?", channel);
                ledger.append(transaction, entry(instance, channel, message));
            }
            return true;
        });
    }

    private static Entry entry(String instance, String channel, Alert message) {
        TreeSet<String> ports = new TreeSet<>();
        message.notes().forEach(each -> ports.addAll(each.ports()));
        int at = instance.indexOf('@');
        return Entry.of(Kind.ALERTED)
                .by(at < 0 ? "" : instance.substring(0, at), instance)
                .header("alert", message.id())
                .header("type", message.type().word())
                .header("channel", channel)
                .detail("ports", List.copyOf(ports))
                .detail(
                        "conditions",
                        message.notes().stream()
                                .map(each -> Map.of("kind", each.kind().word(), "subject", each.subject()))
                                .toList())
                .detail(
                        "detail",
                        message.type().word() + " by " + channel + ", "
                                + Text.counted(message.notes().size(), "condition"));
    }

    /** Whether the message was still waiting for that channel. */
    private static boolean finish(Handle handle, String message, String channel) {
        int removed = handle.execute("DELETE FROM alert_delivery WHERE message = ? AND channel = ?", message, channel);
        handle.execute(
                "DELETE FROM alert_message WHERE id = ? AND NOT EXISTS (SELECT 1 FROM alert_delivery WHERE message = ?)",
                message,
                message);
        return removed > 0;
    }

    /**
     * Stores that a try failed.
     *
     * @param pause returns how long to wait after that many tries
     * @param error the reason, without addresses
     * @return the channel as it is now; empty when {@code owner} no longer holds the lease
     */
    public Optional<FailingChannel> failed(String owner, String channel, Function<Long, Duration> pause, String error) {
        return store.write(transaction -> {
            if (!holdsLease(transaction, owner)) {
                return Optional.empty();
            }
            Instant now = Instant.ofEpochMilli(clock.millis());
            Optional<FailingChannel> before = failing(transaction.handle()).stream()
                    .filter(each -> each.name().equals(channel))
                    .findFirst();
            long tries = before.map(FailingChannel::tries).orElse(0L) + 1;
            FailingChannel failing = new FailingChannel(
                    channel, before.map(FailingChannel::since).orElse(now), tries, now.plus(pause.apply(tries)), error);
            transaction
                    .handle()
                    .execute(
                            "INSERT INTO alert_channel (name, since, tries, next_at, error) VALUES (?, ?, ?, ?, ?)"
                                    + " ON CONFLICT (name) DO UPDATE SET tries = excluded.tries, next_at = excluded.next_at,"
                                    + " error = excluded.error",
                            channel,
                            failing.since().toEpochMilli(),
                            tries,
                            failing.nextAt().toEpochMilli(),
                            error);
            return Optional.of(failing);
        });
    }

    /** The channels whose last try failed. */
    public List<FailingChannel> failing() {
        return store.readWithShortTimeout(Alerts::failing);
    }

    private static List<FailingChannel> failing(Handle handle) {
        return handle.createQuery("SELECT name, since, tries, next_at, error FROM alert_channel ORDER BY name")
                .map((row, context) -> new FailingChannel(
                        row.getString(1),
                        Instant.ofEpochMilli(row.getLong(2)),
                        row.getLong(3),
                        Instant.ofEpochMilli(row.getLong(4)),
                        row.getString(5)))
                .list();
    }

    /** Deletes the failure of {@code channel}, because it works again. */
    public void clearFailure(String owner, String channel) {
        if (failing().stream().anyMatch(each -> each.name().equals(channel))) {
            change(owner, handle -> handle.execute("DELETE FROM alert_channel WHERE name = ?", channel));
        }
    }

    /** Makes all channels that fail due for a try now. */
    public void retry(String owner) {
        change(owner, handle -> handle.execute("UPDATE alert_channel SET next_at = 0"));
    }

    /** Deletes everything, because no channel is configured any longer. */
    public void clear(String owner) {
        change(owner, handle -> {
            for (String table : List.of("alert", "alert_delivery", "alert_message", "alert_channel")) {
                handle.execute("DELETE FROM " + table);
            }
        });
    }

    private void change(String owner, Consumer<Handle> what) {
        store.change(transaction -> {
            if (holdsLease(transaction, owner)) {
                what.accept(transaction.handle());
            }
        });
    }

    /** A message that waits for a channel. */
    private record Waiting(String message, String channel, long at) {}

    /**
     * Deletes messages made before {@code before}, and the messages and failures of channels other than {@code channels}.
     *
     * @return by channel, the number of messages that were deleted because of their age
     */
    public Map<String, Long> forget(String owner, Instant before, Collection<String> channels) {
        List<Waiting> over = store.readWithShortTimeout(handle -> handle
                .createQuery(
                        "SELECT d.message, d.channel, m.at FROM alert_delivery d JOIN alert_message m ON m.id = d.message")
                .map((row, context) -> new Waiting(row.getString(1), row.getString(2), row.getLong(3)))
                .list()
                .stream()
                .filter(each -> each.at() < before.toEpochMilli() || !channels.contains(each.channel()))
                .toList());
        List<String> removed = failing().stream()
                .map(FailingChannel::name)
                .filter(each -> !channels.contains(each))
                .toList();
        Map<String, Long> dropped = new HashMap<>();
        if (over.isEmpty() && removed.isEmpty()) {
            return dropped;
        }
        change(owner, handle -> {
            over.forEach(each -> finish(handle, each.message(), each.channel()));
            removed.forEach(each -> handle.execute("DELETE FROM alert_channel WHERE name = ?", each));
        });
        over.stream()
                .filter(each -> channels.contains(each.channel()))
                .forEach(each -> dropped.merge(each.channel(), 1L, Long::sum));
        return dropped;
    }
}
