package io.sendport.host.run.submit;

import io.sendport.api.settings.ByteSize;
import io.sendport.api.submit.NotNowException;
import io.sendport.api.submit.SubmissionRefusedException;
import io.sendport.config.MessageBoxSettings;
import io.sendport.config.Routing;
import io.sendport.config.port.PortState;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageQueries;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Back-pressure: refuses submissions before the store is full, and before a port has more messages waiting than it may. Looks at the store
 * several times a second, not for every one of thousands of submissions. Safe for use by several threads.
 */
final class Quotas {

    private static final long LOOK_NANOS = 200_000_000;

    private final MessageBox box;
    private volatile @Nullable Look look;

    /** What was seen of the store. */
    private record Look(
            long at, Map<String, PortState> states, long freeBytes, long usedBytes, Map<String, Standing> standings) {}

    /** What waits at a port: as it was seen, and what was submitted here since. */
    private static final class Standing {
        private final AtomicLong messages;
        private final AtomicLong bytes;

        Standing(MessageQueries.Standing seen) {
            this.messages = new AtomicLong(seen.messages());
            this.bytes = new AtomicLong(seen.bytes());
        }
    }

    Quotas(MessageBox box) {
        this.box = box;
    }

    private Look look(MessageBoxSettings settings) {
        Look last = look;
        if (last == null || System.nanoTime() - last.at() > LOOK_NANOS) {
            last = new Look(
                    System.nanoTime(),
                    box.ports().all(),
                    box.store().freeBytes().orElse(Long.MAX_VALUE),
                    box.store().usedBytes(settings.maxBytes()),
                    new ConcurrentHashMap<>());
            look = last;
        }
        return last;
    }

    /** The state of a port at the last look. */
    PortState state(Routing.Port port, MessageBoxSettings settings) {
        return look(settings).states().getOrDefault(port.name(), port.initialState());
    }

    /**
     * Takes the place of one message of {@code size} bytes at a port.
     *
     * @throws NotNowException when the port has no room for it now
     * @throws SubmissionRefusedException when it is larger than all the room that the port has
     */
    void requireRoom(Routing.Port port, long size, MessageBoxSettings settings) {
        if (!port.limits().countWaiting()) {
            return;
        }
        if (size > port.limits().maxBytes()) {
            throw new SubmissionRefusedException("this message has " + ByteSize.format(size)
                    + " and would never fit: at most "
                    + ByteSize.format(port.limits().maxBytes())
                    + " may wait at port " + port.name() + "; <limits maxBytes> sets the limit");
        }
        Standing standing = look(settings)
                .standings()
                .computeIfAbsent(port.name(), name -> new Standing(box.queries().standing(name)));
        if (standing.messages.get() >= port.limits().maxWaiting()) {
            throw new NotNowException("nothing was submitted: " + standing.messages.get() + " messages wait at port "
                    + port.name() + " (<limits maxWaiting>); try again when some have left");
        }
        if (standing.bytes.get() + size > port.limits().maxBytes()) {
            throw new NotNowException("nothing was submitted: " + ByteSize.format(standing.bytes.get())
                    + " wait at port " + port.name() + " (<limits maxBytes>); try again when some have left");
        }
        standing.messages.incrementAndGet();
        standing.bytes.addAndGet(size);
    }

    /**
     * Whether the store takes more.
     *
     * @throws NotNowException when the disk or the message box has no room
     */
    void requireRoom(MessageBoxSettings settings) {
        Look seen = look(settings);
        if (seen.freeBytes() < settings.minFree()) {
            throw new NotNowException("nothing was submitted: the disk under "
                    + box.store().name() + " has "
                    + ByteSize.format(seen.freeBytes()) + " free, and "
                    + ByteSize.format(settings.minFree())
                    + " must stay for results (<limits minFree>); make room and try again");
        }
        if (seen.usedBytes() > settings.maxBytes()) {
            throw new NotNowException("nothing was submitted: the message box holds more than "
                    + ByteSize.format(settings.maxBytes())
                    + " (<limits maxBytes>); try again when messages have left");
        }
    }
}
