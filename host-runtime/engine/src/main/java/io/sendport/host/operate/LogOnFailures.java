package io.sendport.host.operate;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Limits failed log-ons from an address: after ten within a minute, all clients from there must wait until the minute is over. This
 * slows down guessing and locks nobody out for long. Safe for use by several threads.
 */
public final class LogOnFailures {

    private static final int MAX_COUNT = 10;
    private static final long WINDOW_MILLIS = 60_000;
    private static final int ADDRESSES = 10_000;
    /** The limit of recorded refusals of all addresses in a minute, so that an attacker cannot fill the ledger. */
    private static final int RECORDED = 30;

    private final Clock clock;

    @SuppressWarnings("serial")
    private final Map<String, Window> windows = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Window> eldest) {
            return size() > ADDRESSES;
        }
    };

    private Window all = new Window(0, 0);

    /** Starts empty. */
    public LogOnFailures(Clock clock) {
        this.clock = clock;
    }

    /** The failures in the minute that started then. */
    private record Window(long begin, int count) {

        Window plusOne(long now) {
            return now - begin >= WINDOW_MILLIS || now < begin ? new Window(now, 1) : new Window(begin, count + 1);
        }
    }

    /** For how many seconds clients from that address must wait; empty when they need not. */
    public synchronized Optional<Long> pause(String peer) {
        @Nullable Window window = windows.get(peer);
        long left = window == null || window.count() < MAX_COUNT ? 0 : window.begin() + WINDOW_MILLIS - clock.millis();
        return left > 0 && left <= WINDOW_MILLIS ? Optional.of(1 + left / 1_000) : Optional.empty();
    }

    /** Counts a failure. Returns whether to record it on the ledger. */
    public synchronized boolean add(String peer) {
        long now = clock.millis();
        Window before = windows.getOrDefault(peer, new Window(now, 0));
        windows.put(peer, before.plusOne(now));
        all = all.plusOne(now);
        return all.count() <= RECORDED;
    }
}
