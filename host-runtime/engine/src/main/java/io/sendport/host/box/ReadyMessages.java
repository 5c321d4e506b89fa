package io.sendport.host.box;

import io.sendport.api.message.MessageId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Messages that this process has just stored. The dispatcher sends them without reading them from the store. A message is added after
 * the sync that covers it, and taken at most once. When its attempt starts, the store decides whether it may still be sent. All other
 * messages are read from the store. Only for a store of a single process. Safe for use by several threads.
 */
final class ReadyMessages {

    private static final int MAX_COUNT = 10_000;
    /** How long a message stays here. An older one is read from the store, because an operator may have acted on it. */
    private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Map<String, Port> ports = new ConcurrentHashMap<>();
    private final LongSupplier nanos;

    ReadyMessages(LongSupplier nanos) {
        this.nanos = nanos;
    }

    private record Ready(MessageRow row, long since) {}

    /** The messages of a port that a dispatcher works on. */
    private static final class Port {
        private final Map<Long, Ready> messages = new LinkedHashMap<>();
        /** Messages that are being stored. Reads of the store leave them out, because they are about to be added. */
        private final Set<MessageId> arriving = new HashSet<>();
        /** Whether the store may have due messages of this process that are neither here nor claimed. */
        private boolean incomplete = true;
        /** Whether a message was not added since the last read began. */
        private boolean missed;

        private void miss() {
            incomplete = true;
            missed = true;
        }
    }

    /** Keeps messages of {@code port} from now on. */
    void open(String port) {
        ports.put(port, new Port());
    }

    /** Stops keeping messages of {@code port}. */
    void close(String port) {
        ports.remove(port);
    }

    /** Called before the messages are stored. */
    void arriving(List<NewMessage> messages) {
        for (NewMessage each : messages) {
            Port port = ports.get(each.port());
            if (port != null) {
                synchronized (port) {
                    port.arriving.add(each.id());
                }
            }
        }
    }

    /**
     * Called after {@link #arriving}, once the messages are on disk or it is known that they are not.
     *
     * @param stored the rows of the messages that are on disk
     */
    void arrived(List<NewMessage> messages, List<MessageRow> stored) {
        for (NewMessage each : messages) {
            Port port = ports.get(each.port());
            if (port != null) {
                synchronized (port) {
                    port.arriving.remove(each.id());
                }
            }
        }
        for (MessageRow row : stored) {
            Port port = ports.get(row.port());
            if (port != null) {
                synchronized (port) {
                    enter(port, row);
                }
            }
        }
    }

    /** Adds a message, unless the store has earlier ones: then it waits in the store too, because the oldest are sent first. */
    private void enter(Port port, MessageRow row) {
        dropIfOld(port);
        if (port.incomplete || port.messages.size() >= MAX_COUNT) {
            port.miss();
        } else {
            port.messages.put(row.seq(), new Ready(row, nanos.getAsLong()));
        }
    }

    /** Drops all messages if the first is too old, so that a port that does not send keeps only few. */
    private void dropIfOld(Port port) {
        Iterator<Ready> all = port.messages.values().iterator();
        if (all.hasNext() && nanos.getAsLong() - all.next().since() > MAX_NANOS) {
            port.messages.clear();
            port.miss();
        }
    }

    /** Takes up to {@code most} messages, in the order in which they were added. */
    List<MessageRow> take(String name, int most) {
        Port port = ports.get(name);
        if (port == null) {
            return List.of();
        }
        List<MessageRow> taken = new ArrayList<>();
        synchronized (port) {
            dropIfOld(port);
            Iterator<Ready> all = port.messages.values().iterator();
            while (taken.size() < most && all.hasNext()) {
                taken.add(all.next().row());
                all.remove();
            }
        }
        return taken;
    }

    /** Whether {@link #take} would find a message. */
    boolean has(String name) {
        Port port = ports.get(name);
        if (port == null) {
            return false;
        }
        synchronized (port) {
            return !port.messages.isEmpty();
        }
    }

    /** Whether the store may have messages of this process that {@link #take} does not find. */
    boolean isIncomplete(String name) {
        Port port = ports.get(name);
        if (port == null) {
            return true;
        }
        synchronized (port) {
            return port.incomplete;
        }
    }

    /**
     * Called before the due messages of a port are read.
     *
     * @return how many of the messages that are read {@link #read} may leave out
     */
    int beginRead(String name) {
        Port port = ports.get(name);
        if (port == null) {
            return 0;
        }
        synchronized (port) {
            port.missed = false;
            return port.arriving.size();
        }
    }

    /**
     * Called with due messages that were read from the store, oldest first, without claimed ones.
     *
     * @param most how many messages the caller takes
     * @param all whether these are all due messages that the store had
     * @return the messages that the caller takes; they are no longer ready
     */
    List<MessageRow> read(String name, List<MessageRow> found, int most, boolean all) {
        Port port = ports.get(name);
        if (port == null) {
            return found.subList(0, Math.min(most, found.size()));
        }
        synchronized (port) {
            List<MessageRow> taken = found.stream()
                    .filter(row -> !port.arriving.contains(row.id()))
                    .limit(most)
                    .toList();
            taken.forEach(row -> port.messages.remove(row.seq()));
            if (all && taken.size() < most) {
                port.incomplete = port.missed;
            }
            return taken;
        }
    }
}
