package io.sendport.host.box;

import io.sendport.api.message.Message;
import io.sendport.api.message.MessageId;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Small messages that this process put into the box and has not sent yet: most are sent at once, and need not be read from the disk they
 * were just written to. Where there is no room for one more, those that have not been
 * sent in a minute are let go, or else that one; what was let go is read. Safe for use by several threads.
 */
final class RecentMessages {

    private static final long LARGEST = 256 * 1024;
    private static final long ROOM = 16 * 1024 * 1024;
    /** What a message, and each part, takes beside its bodies, roughly; properties are small. */
    private static final long OVERHEAD = 4 * 1024;

    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Map<MessageId, Kept> messages = new LinkedHashMap<>();
    private long taken;

    private record Kept(Message message, long room, long since) {}

    private static long room(Message message) {
        return OVERHEAD * (1 + message.parts().size())
                + message.parts().stream().mapToLong(part -> part.body().size()).sum();
    }

    /** Keeps it, should it be small. Its parts lie in memory. */
    synchronized void keep(Message message) {
        long room = room(message);
        if (room > LARGEST) {
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

    /** Hands it out, once. */
    synchronized Optional<Message> take(MessageId id) {
        Kept kept = messages.remove(id);
        if (kept == null) {
            return Optional.empty();
        }
        taken -= kept.room();
        return Optional.of(kept.message());
    }
}
