package io.sendport.host.box.control;

import io.sendport.host.store.Store;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The log-on sessions of the console. A link works once, within a minute, and creates a session. A session is valid on every instance. It
 * ends when the user logs off, when it was not used for {@link #IDLE}, and after {@link #MAX_DURATION} in any case. Only hashes of
 * secrets are stored. Safe for use by several threads.
 */
public final class Sessions {

    /** How long a link can be used. */
    public static final Duration LINK = Duration.ofSeconds(60);

    /** A session ends after this time without a request. */
    public static final Duration IDLE = Duration.ofMinutes(30);

    /** A session ends after this time in any case. */
    public static final Duration MAX_DURATION = Duration.ofHours(12);

    /** How often the last use of a session is stored. */
    private static final Duration STORE_INTERVAL = Duration.ofMinutes(1);

    private final Store store;
    private final Clock clock;

    /** The sessions in {@code store}. */
    public Sessions(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * A user who is logged on.
     *
     * @param name the user's name
     * @param grants what the user may do, as text
     */
    public record Session(String name, String grants) {}

    /** Adds a link; {@code hash} is the SHA-256 of its secret. */
    public void addLink(String hash, Session session) {
        store.change(transaction -> {
            sweep(transaction.handle());
            insert(transaction.handle(), hash, "LINK", session, clock.instant().plus(LINK));
        });
    }

    private void insert(Handle handle, String hash, String kind, Session session, Instant until) {
        handle.execute(
                "INSERT INTO console_session (hash, kind, name, grants, made_at, seen_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                hash,
                kind,
                session.name(),
                session.grants(),
                clock.millis(),
                clock.millis(),
                until.toEpochMilli());
    }

    /**
     * Uses a link. It does not work a second time.
     *
     * @param session the SHA-256 of the secret of the new session
     * @return the user who is logged on now; empty when the link is invalid or expired
     */
    public Optional<Session> logOn(String link, String session) {
        return store.write(transaction -> {
            Handle handle = transaction.handle();
            Optional<Session> found = valid(handle, link, "LINK").map(Valid::session);
            if (handle.execute("DELETE FROM console_session WHERE hash = ? AND kind = 'LINK'", link) == 0) {
                return Optional.empty();
            }
            found.ifPresent(who ->
                    insert(handle, session, "SESSION", who, clock.instant().plus(MAX_DURATION)));
            return found;
        });
    }

    /** The user of the session; empty when it has ended. The session counts as used now. */
    public Optional<Session> use(String hash) {
        Optional<Valid> found = session(hash);
        if (found.isPresent() && clock.millis() - found.get().seenAt() > STORE_INTERVAL.toMillis()) {
            store.change(transaction -> transaction
                    .handle()
                    .execute("UPDATE console_session SET seen_at = ? WHERE hash = ?", clock.millis(), hash));
        }
        return found.map(Valid::session);
    }

    /** The user of the session; empty when it has ended. This does not count as use: it is for acts that run in the background. */
    public Optional<Session> find(String hash) {
        return session(hash).map(Valid::session);
    }

    private Optional<Valid> session(String hash) {
        return store.read(handle -> valid(handle, hash, "SESSION"))
                .filter(each -> clock.millis() - each.seenAt() <= IDLE.toMillis());
    }

    private record Valid(Session session, long seenAt) {}

    private Optional<Valid> valid(Handle handle, String hash, String kind) {
        return handle.createQuery(
                        "SELECT name, grants, seen_at FROM console_session WHERE hash = ? AND kind = ? AND expires_at > ?")
                .bind(0, hash)
                .bind(1, kind)
                .bind(2, clock.millis())
                .map((row, context) -> new Valid(new Session(row.getString(1), row.getString(2)), row.getLong(3)))
                .findOne();
    }

    /** Ends a session. */
    public void logOff(String hash) {
        store.change(transaction -> transaction.handle().execute("DELETE FROM console_session WHERE hash = ?", hash));
    }

    private void sweep(Handle handle) {
        handle.execute(
                "DELETE FROM console_session WHERE expires_at < ? OR (kind = 'SESSION' AND seen_at < ?)",
                clock.millis(),
                clock.millis() - IDLE.toMillis());
    }
}
