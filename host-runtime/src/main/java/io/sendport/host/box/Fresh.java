package io.sendport.host.box;

import io.sendport.api.message.Message;
import io.sendport.api.message.MessageId;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Small messages that this process put into the box and has not sent yet: most are sent at once, and need not be read from the disk they
 * were just written to. Of more than there is room for the oldest are let go, and read. Safe for use by several threads.
 */
final class Fresh {

    private static final long LARGEST = 64 * 1024;
    private static final long ROOM = 16 * 1024 * 1024;
    /** What a message takes beside its bodies, roughly. */
    private static final long OVERHEAD = 4 * 1024;

    private final Map<MessageId, Message> messages = new LinkedHashMap<>();
    private long taken;

    private static long room(Message message) {
        return OVERHEAD
                + message.parts().stream().mapToLong(part -> part.body().size()).sum();
    }

    /** Keeps it, should it be small. Its parts lie in memory. */
    synchronized void keep(Message message) {
        long room = room(message);
        if (room > LARGEST || messages.putIfAbsent(message.id(), message) != null) {
            return;
        }
        taken += room;
        Iterator<Message> oldest = messages.values().iterator();
        while (taken > ROOM) {
            taken -= room(oldest.next());
            oldest.remove();
        }
    }

    /** Hands it out, once. */
    synchronized Optional<Message> take(MessageId id) {
        Message message = messages.remove(id);
        if (message != null) {
            taken -= room(message);
        }
        return Optional.ofNullable(message);
    }
}
