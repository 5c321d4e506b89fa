package io.sendport.host.box;

import io.sendport.api.message.Message;
import io.sendport.api.message.MessageId;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Caches small messages that this process has stored and not sent yet. Most are sent at once and need not be read back from disk. When
 * the cache is full, it drops messages that are older than a minute. If there is none, it does not take the new message. Messages that
 * are not cached are read from the store. Safe for use by several threads.
 */
final class MessageCache {

    private static final long MAX_MESSAGE_SIZE = 256 * 1024;
    private static final long MAX_TOTAL_SIZE = 16 * 1024 * 1024;
    /** The approximate memory of a message, and of each of its parts, in addition to the bodies. Properties are small. */
    private static final long OVERHEAD = 4 * 1024;

    private static final long MAX_AGE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Map<MessageId, Kept> messages = new LinkedHashMap<>();
    private long totalSize;

    private record Kept(Message message, long size, long since) {}

    private static long sizeOf(Message message) {
        return OVERHEAD * (1 + message.parts().size())
                + message.parts().stream().mapToLong(part -> part.body().size()).sum();
    }

    /** Caches the message if it is small. Its parts are in memory. */
    synchronized void keep(Message message) {
        long size = sizeOf(message);
        if (size > MAX_MESSAGE_SIZE) {
            return;
        }
        long now = System.nanoTime();
        Iterator<Kept> oldest = messages.values().iterator();
        while (totalSize + size > MAX_TOTAL_SIZE && oldest.hasNext()) {
            Kept kept = oldest.next();
            if (now - kept.since() < MAX_AGE_NANOS) {
                return;
            }
            totalSize -= kept.size();
            oldest.remove();
        }
        messages.put(message.id(), new Kept(message, size, now));
        totalSize += size;
    }

    /** Takes the message out of the cache and returns it. */
    synchronized Optional<Message> take(MessageId id) {
        Kept kept = messages.remove(id);
        if (kept == null) {
            return Optional.empty();
        }
        totalSize -= kept.size();
        return Optional.of(kept.message());
    }
}
