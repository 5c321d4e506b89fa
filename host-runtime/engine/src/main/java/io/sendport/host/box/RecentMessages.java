package io.sendport.host.box;

import io.sendport.api.message.Message;
import io.sendport.api.message.MessageId;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Caches small messages that this process has stored and not sent yet. Most are sent at once and need not be read back from disk.
 * When the cache is full, messages older than a minute are dropped, or else the new one. Dropped messages are read
 * from the store. Safe for use by several threads.
 */
final class RecentMessages {

    private static final long MAX_SIZE = 256 * 1024;
    private static final long ROOM = 16 * 1024 * 1024;
    /** The approximate size of a message and of each part beside its bodies; properties are small. */
    private static final long OVERHEAD = 4 * 1024;

    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Map<MessageId, Kept> messages = new LinkedHashMap<>();
    private long taken;

    private record Kept(Message message, long room, long since) {}

    private static long room(Message message) {
        return OVERHEAD * (1 + message.parts().size())
                + message.parts().stream().mapToLong(part -> part.body().size()).sum();
    }

    /** Caches the message if it is small. Its parts are in memory. */
    synchronized void keep(Message message) {
        long room = room(message);
        if (room > MAX_SIZE) {
            return;
        }
        long now = System.nanoTime();
        Iterator<Kept> oldest = messages.values().iterator();
        while (taken + room > ROOM && oldest.hasNext()) {
            Kept kept = oldest.next();
            if (now - kept.since() < PATIENCE_NANOS) {
                return;
            }
            taken -= kept.room();
            oldest.remove();
        }
        messages.put(message.id(), new Kept(message, room, now));
        taken += room;
    }

    /** Returns the message, once. */
    synchronized Optional<Message> take(MessageId id) {
        Kept kept = messages.remove(id);
        if (kept == null) {
            return Optional.empty();
        }
        taken -= kept.room();
        return Optional.of(kept.message());
    }
}
