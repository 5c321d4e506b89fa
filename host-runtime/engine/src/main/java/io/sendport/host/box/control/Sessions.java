package io.sendport.host.box.control;

import io.sendport.host.store.Store;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Who is logged on to the console. A link is good once and for a minute; what it gives is a session, which ends when it is not used, when somebody logs
 * off, and after half a day in any case, on every instance. Only hashes of secrets come here. Safe for use by several threads.
 */
public final class Sessions {

    /** How long a link can be used. */
    public static final Duration LINK = Duration.ofSeconds(60);

    /** After so long without a request a session ends. */
    public static final Duration IDLE = Duration.ofMinutes(30);

    /** After so long a session ends in any case. */
    public static final Duration LONGEST = Duration.ofHours(12);

    /** A session that is used is noted so often. */
    private static final Duration NOTE = Duration.ofMinutes(1);

    private final Store store;
    private final Clock clock;

    /** Those of {@code store}. */
    public Sessions(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * Somebody who is logged on.
     *
     * @param name theirs
     * @param grants what they may do, as text
     */
    public record Session(String name, String grants) {}

    /** Makes a link of which {@code hash} is the SHA-256. */
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
     * Uses up a link.
     *
     * @param session the SHA-256 of the secret of the new session
     * @return who is logged on now; empty where the link is not good, or not any more
     */
    public Optional<Session> logOn(String link, String session) {
        return store.write(transaction -> {
            Handle handle = transaction.handle();
            Optional<Session> found = valid(handle, link, "LINK").map(Valid::session);
            if (handle.execute("DELETE FROM console_session WHERE hash = ? AND kind = 'LINK'", link) == 0) {
                return Optional.empty();
            }
            found.ifPresent(who ->
                    insert(handle, session, "SESSION", who, clock.instant().plus(LONGEST)));
            return found;
        });
    }

    /** Who has that session, which they use now; empty where it is over. */
    public Optional<Session> use(String hash) {
        Optional<Valid> found = session(hash);
        if (found.isPresent() && clock.millis() - found.get().seenAt() > NOTE.toMillis()) {
            store.change(transaction -> transaction
                    .handle()
                    .execute("UPDATE console_session SET seen_at = ? WHERE hash = ?", clock.millis(), hash));
        }
        return found.map(Valid::session);
    }

    /** Who has that session, for an act that goes on without them: it does not keep the session alive. */
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
