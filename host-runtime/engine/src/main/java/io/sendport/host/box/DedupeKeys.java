package io.sendport.host.box;

import io.sendport.api.message.MessageId;
import io.sendport.host.box.body.ContentDigest;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The dedupe keys in use. Each belongs to a port and a submitter, and identifies one content until it expires. */
final class DedupeKeys {

    private final Clock clock;
    private final Retention retention;

    /** Uses {@code retention} for the time after which keys expire. */
    DedupeKeys(Clock clock, Retention retention) {
        this.clock = clock;
        this.retention = retention;
    }

    /**
     * Identifies bodies by their SHA-256. Part names and properties do not count: an application may mark its second submission as a
     * repetition.
     */
    static String fingerprint(List<String> sha256) {
        ContentDigest bodies = new ContentDigest("");
        sha256.forEach(each -> bodies.add("", "", "", each));
        return bodies.hex();
    }

    /**
     * The message that already has the key; if there is none, {@code message} takes the key.
     *
     * @param bodies the {@link #fingerprint} of its bodies
     * @throws KeyTakenException when the key belongs to other bodies
     */
    Optional<MessageId> claim(Handle handle, NewMessage message, String key, String bodies) {
        long now = clock.millis();
        Optional<MessageId> unnamed = withoutSubmitter(handle, message.port(), key, now);
        if (unnamed.isPresent()) {
            return unnamed;
        }
        int taken = handle.execute(
                "INSERT INTO dedupe (port, submitter, key, id, until, content) VALUES (?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (port, submitter, key) DO UPDATE SET id = excluded.id, until = excluded.until,"
                        + " content = excluded.content WHERE dedupe.until <= ?",
                message.port(),
                message.actor(),
                key,
                message.id().value(),
                now + retention.dedupeFor(message.port()).toMillis(),
                bodies,
                now);
        return taken == 1
                ? Optional.empty()
                : handle.createQuery("SELECT id, content FROM dedupe WHERE port = ? AND submitter = ? AND key = ?")
                        .bind(0, message.port())
                        .bind(1, message.actor())
                        .bind(2, key)
                        .map((row, context) -> same(row.getString(1), row.getString(2), bodies, message.port()))
                        .findOne();
    }

    /** Keys of schema version 5 and earlier have no submitter. */
    private static Optional<MessageId> withoutSubmitter(Handle handle, String port, String key, long now) {
        return handle.createQuery("SELECT id FROM dedupe WHERE port = ? AND submitter = '' AND key = ? AND until > ?")
                .bind(0, port)
                .bind(1, key)
                .bind(2, now)
                .mapTo(String.class)
                .findOne()
                .map(MessageId::new);
    }

    private static MessageId same(String id, String known, String bodies, String port) {
        if (!known.equals(bodies)) {
            throw new KeyTakenException(
                    "port " + port + ": the dedupe key is already used for different content, by message " + id
                            + "; not submitted. Use a different key (for a mail, another Message-ID) for each content");
        }
        return new MessageId(id);
    }
}
