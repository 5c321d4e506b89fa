package io.sendport.host.box.control;

import io.sendport.host.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Limits how many messages processes send together under a common rate. */
public final class Rates {

    private final Store store;

    public Rates(Store store) {
        this.store = store;
    }

    /** When the rate {@code name} allows another message; empty when it allows one now. */
    public Optional<Instant> fullUntil(String name, int messages, Duration per, Instant now) {
        return store.read(handle -> fullUntil(handle, name, messages, per, now));
    }

    /** Counts a message that is about to be sent. If the rate does not allow it, counts nothing and returns when it does. */
    public Optional<Instant> take(String name, int messages, Duration per, Instant now) {
        return store.write(transaction -> {
            Handle handle = transaction.handle();
            // Locks the row of the rate, so that only one process at a time counts.
            handle.execute(
                    "INSERT INTO rate (name) VALUES (?) ON CONFLICT (name) DO UPDATE SET name = excluded.name", name);
            handle.execute(
                    "DELETE FROM rate_use WHERE name = ? AND at <= ?",
                    name,
                    now.minus(per).toEpochMilli());
            Optional<Instant> full = fullUntil(handle, name, messages, per, now);
            if (full.isEmpty()) {
                handle.execute("INSERT INTO rate_use (name, at) VALUES (?, ?)", name, now.toEpochMilli());
            }
            return full;
        });
    }

    /** The rate is full until the oldest of the last {@code messages} sends is {@code per} ago, if there were that many. */
    private static Optional<Instant> fullUntil(Handle handle, String name, int messages, Duration per, Instant now) {
        return handle.createQuery("SELECT at FROM rate_use WHERE name = ? AND at > ? ORDER BY at DESC LIMIT 1 OFFSET ?")
                .bind(0, name)
                .bind(1, now.minus(per).toEpochMilli())
                .bind(2, messages - 1)
                .mapTo(Long.class)
                .findOne()
                .map(at -> Instant.ofEpochMilli(at).plus(per));
    }

    /** Takes back a message that {@link #take} counted at {@code taken}, because it was not sent. */
    public void giveBack(String name, Instant taken) {
        store.change(transaction -> transaction
                .handle()
                .execute(
                        "DELETE FROM rate_use WHERE no = (SELECT max(no) FROM rate_use WHERE name = ? AND at = ?)",
                        name,
                        taken.toEpochMilli()));
    }
}
