package io.sendport.host.operate;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How often somebody was refused from an address: after ten times within a minute everybody from there waits until it is over. That slows down who
 * tries out secrets, and locks out nobody for long. Safe for use by several threads.
 */
public final class LogOnFailures {

    private static final int MOST = 10;
    private static final long WINDOW_MILLIS = 60_000;
    private static final int ADDRESSES = 10_000;
    /** Refusals of all addresses that go on the ledger in a minute, so that nobody can fill it. */
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

    /** None yet, by {@code clock}. */
    public LogOnFailures(Clock clock) {
        this.clock = clock;
    }

    /** So many, in the minute that began then. */
    private record Window(long begin, int count) {

        Window plusOne(long now) {
            return now - begin >= WINDOW_MILLIS || now < begin ? new Window(now, 1) : new Window(begin, count + 1);
        }
    }

    /** For how many seconds nobody from there is let in; empty while they are. */
    public synchronized Optional<Long> pause(String peer) {
        @Nullable Window window = windows.get(peer);
        long left = window == null || window.count() < MOST ? 0 : window.begin() + WINDOW_MILLIS - clock.millis();
        return left > 0 && left <= WINDOW_MILLIS ? Optional.of(1 + left / 1_000) : Optional.empty();
    }

    /** Counts one; gives whether it is to go on the ledger. */
    public synchronized boolean add(String peer) {
        long now = clock.millis();
        Window before = windows.getOrDefault(peer, new Window(now, 0));
        windows.put(peer, before.plusOne(now));
        all = all.plusOne(now);
        return all.count() <= RECORDED;
    }
}
