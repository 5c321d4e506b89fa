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
 * Back-pressure: refuses submissions before the store is full, and before a port exceeds its limit of waiting messages. Reads the store at
 * most five times a second, not for each submission. Safe for use by several threads.
 */
final class Quotas {

    private static final long MAX_AGE_NANOS = 200_000_000;

    private final MessageBox box;
    private volatile @Nullable Reading reading;

    /** A reading of the store. {@code loads} is filled when a port is first asked for. */
    private record Reading(
            long at, Map<String, PortState> states, long freeBytes, long usedBytes, Map<String, Load> loads) {}

    /** What waits at a port: the backlog at the reading, and what this process has submitted since. */
    private static final class Load {
        private final AtomicLong messages;
        private final AtomicLong bytes;

        Load(MessageQueries.Backlog seen) {
            this.messages = new AtomicLong(seen.messages());
            this.bytes = new AtomicLong(seen.bytes());
        }
    }

    Quotas(MessageBox box) {
        this.box = box;
    }

    private Reading reading(MessageBoxSettings settings) {
        Reading last = reading;
        if (last == null || System.nanoTime() - last.at() > MAX_AGE_NANOS) {
            last = new Reading(
                    System.nanoTime(),
                    box.ports().all(),
                    box.store().freeBytes().orElse(Long.MAX_VALUE),
                    box.store().usedBytes(settings.maxBytes()),
                    new ConcurrentHashMap<>());
            reading = last;
        }
        return last;
    }

    /** The state of a port at the last reading. */
    PortState state(Routing.Port port, MessageBoxSettings settings) {
        return reading(settings).states().getOrDefault(port.name(), port.initialState());
    }

    /**
     * Reserves room for one message of {@code size} bytes at a port.
     *
     * @throws NotNowException when the port has no room for it now
     * @throws SubmissionRefusedException when the message alone exceeds the limit of the port
     */
    void requireRoom(Routing.Port port, long size, MessageBoxSettings settings) {
        if (!port.limits().countWaiting()) {
            return;
        }
        if (size > port.limits().maxBytes()) {
            throw new SubmissionRefusedException("not submitted: this message has " + ByteSize.format(size)
                    + ", but all messages that wait at port " + port.name() + " may have at most "
                    + ByteSize.format(port.limits().maxBytes())
                    + " together; <limits maxBytes> of the port sets the limit");
        }
        Load load = reading(settings)
                .loads()
                .computeIfAbsent(port.name(), name -> new Load(box.queries().backlog(name)));
        if (load.messages.get() >= port.limits().maxWaiting()) {
            throw new NotNowException("not submitted: " + load.messages.get() + " messages wait at port " + port.name()
                    + ", as many as <limits maxWaiting> allows; try again after some have been delivered");
        }
        if (load.bytes.get() + size > port.limits().maxBytes()) {
            throw new NotNowException("not submitted: " + ByteSize.format(load.bytes.get()) + " wait at port "
                    + port.name() + " (<limits maxBytes>), and with the " + ByteSize.format(size)
                    + " of this message they would exceed the limit of "
                    + ByteSize.format(port.limits().maxBytes()) + "; try again after some have been delivered");
        }
        load.messages.incrementAndGet();
        load.bytes.addAndGet(size);
    }

    /**
     * Checks that the store has room for another message.
     *
     * @throws NotNowException when the disk or the message box has no room
     */
    void requireRoom(MessageBoxSettings settings) {
        Reading current = reading(settings);
        if (current.freeBytes() < settings.minFree()) {
            throw new NotNowException("not submitted: the disk of "
                    + box.store().name() + " has "
                    + ByteSize.format(current.freeBytes()) + " free, and "
                    + ByteSize.format(settings.minFree())
                    + " are reserved for results (<limits minFree>); free disk space and try again");
        }
        if (current.usedBytes() > settings.maxBytes()) {
            throw new NotNowException("not submitted: the message box holds more than "
                    + ByteSize.format(settings.maxBytes())
                    + " (<limits maxBytes> of <messageBox>); try again after messages have been delivered,"
                    + " or raise maxBytes");
        }
    }
}
