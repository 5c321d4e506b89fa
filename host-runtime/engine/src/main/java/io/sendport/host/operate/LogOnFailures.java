package io.sendport.host.operate;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Limits failed log-ons from a network address. After ten failures within a minute, all clients from this address must wait until the
 * minute is over. This slows down guessing, and locks nobody out for long. Safe for use by several threads.
 */
public final class LogOnFailures {

    private static final int MAX_FAILURES = 10;
    private static final long WINDOW_MILLIS = 60_000;
    private static final int MAX_ADDRESSES = 10_000;
    /** How many failures are recorded in a minute, for all addresses together, so that an attacker cannot fill the ledger. */
    private static final int MAX_RECORDED = 30;

    private final Clock clock;

    @SuppressWarnings("serial")
    private final Map<String, Window> windows = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Window> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    private Window all = new Window(0, 0);

    /** Starts without failures. */
    public LogOnFailures(Clock clock) {
        this.clock = clock;
    }

    /** The failures in the minute that starts at {@code begin}, in milliseconds. */
    private record Window(long begin, int count) {

        Window plusOne(long now) {
            return now - begin >= WINDOW_MILLIS || now < begin ? new Window(now, 1) : new Window(begin, count + 1);
        }
    }

    /** Returns how many seconds clients from {@code peer} must wait; empty if they need not wait. */
    public synchronized Optional<Long> pause(String peer) {
        @Nullable Window window = windows.get(peer);
        long left =
                window == null || window.count() < MAX_FAILURES ? 0 : window.begin() + WINDOW_MILLIS - clock.millis();
        return left > 0 && left <= WINDOW_MILLIS ? Optional.of(1 + left / 1_000) : Optional.empty();
    }

    /** Counts a failure from {@code peer}. Returns whether to record it on the ledger. */
    public synchronized boolean add(String peer) {
        long now = clock.millis();
        Window before = windows.getOrDefault(peer, new Window(now, 0));
        windows.put(peer, before.plusOne(now));
        all = all.plusOne(now);
        return all.count() <= MAX_RECORDED;
    }
}
