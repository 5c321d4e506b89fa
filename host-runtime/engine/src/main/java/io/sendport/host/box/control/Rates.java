package io.sendport.host.box.control;

import io.sendport.host.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Recent sends under a rate that processes share. */
public final class Rates {

    private final Store store;

    public Rates(Store store) {
        this.store = store;
    }

    /** When there is room again under the rate {@code name}; empty when there is room now. */
    public Optional<Instant> fullUntil(String name, int messages, Duration per, Instant now) {
        return store.read(handle -> fullUntil(handle, name, messages, per, now));
    }

    /** Takes a place. If there is none, returns when there will be one. */
    public Optional<Instant> take(String name, int messages, Duration per, Instant now) {
        return store.write(transaction -> {
            Handle handle = transaction.handle();
            // Locks the row, so that concurrent requests are serialized.
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

    /** The oldest of the last {@code messages} sends decides, if there are that many. */
    private static Optional<Instant> fullUntil(Handle handle, String name, int messages, Duration per, Instant now) {
        return handle.createQuery("SELECT at FROM rate_use WHERE name = ? AND at > ? ORDER BY at DESC LIMIT 1 OFFSET ?")
                .bind(0, name)
                .bind(1, now.minus(per).toEpochMilli())
                .bind(2, messages - 1)
                .mapTo(Long.class)
                .findOne()
                .map(at -> Instant.ofEpochMilli(at).plus(per));
    }

    /** Gives back a place that was taken at {@code taken} and not used. */
    public void giveBack(String name, Instant taken) {
        store.change(transaction -> transaction
                .handle()
                .execute(
                        "DELETE FROM rate_use WHERE no = (SELECT max(no) FROM rate_use WHERE name = ? AND at = ?)",
                        name,
                        taken.toEpochMilli()));
    }
}
