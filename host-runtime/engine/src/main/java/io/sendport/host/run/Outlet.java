package io.sendport.host.run;

import io.sendport.api.adapter.Connecting;
import io.sendport.api.adapter.Progress;
import io.sendport.api.adapter.Rest;
import io.sendport.api.adapter.SendAdapter;
import io.sendport.api.adapter.SendConnection;
import io.sendport.host.handover.ForwardingConnection;
import io.sendport.host.run.rate.Throttle;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** An outlet of a port: its transport or its backup transport, and whether it may be used now. Safe for use by several threads. */
final class Outlet {

    /** As long as {@code readTimeout} by default. Then the message is claimed again, perhaps by an instance with a free connection. */
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private final String name;
    private final SendAdapter adapter;
    private final List<Throttle> throttles;
    private final Clock clock;
    private final Semaphore free;
    private volatile Optional<Rest> asked = Optional.empty();

    Outlet(String name, SendAdapter adapter, List<Throttle> throttles, Clock clock) {
        this.throttles = throttles;
        this.name = name;
        this.adapter = adapter;
        this.clock = clock;
        this.free = new Semaphore(Math.max(1, adapter.concurrency()), true);
    }

    /** The name in ledger records: {@code primary} or {@code backup}. */
    String name() {
        return name;
    }

    /** The throttles of its server. */
    List<Throttle> throttles() {
        return throttles;
    }

    SendAdapter adapter() {
        return adapter;
    }

    /**
     * Asks the adapter for a connection, and holds no more than its {@linkplain SendAdapter#concurrency concurrency} at a time. Waits while
     * all are in use.
     */
    Connecting connect(Progress progress) throws InterruptedException {
        if (!free.tryAcquire(TIMEOUT.toNanos(), TimeUnit.NANOSECONDS)) {
            return new Connecting.Busy("no connection of the port (at most " + adapter.concurrency()
                    + ") became free within " + TIMEOUT.toMinutes() + " minutes");
        }
        boolean isHeld = false;
        try {
            Optional<Rest> begun = rest();
            if (begun.isPresent()) {
                return new Connecting.Busy(begun.get().why());
            }
            Connecting asked = adapter.connect(progress);
            if (asked instanceof Connecting.Connected connected) {
                Connecting held = new Connecting.Connected(new Held(connected.connection()));
                isHeld = true;
                return held;
            }
            return asked;
        } finally {
            if (!isHeld) {
                free.release();
            }
        }
    }

    /** A connection that counts until it is closed. */
    private final class Held extends ForwardingConnection {
        private boolean isClosed;

        Held(SendConnection connection) {
            super(connection);
        }

        @Override
        public void close() {
            try {
                super.close();
            } finally {
                if (!isClosed) {
                    isClosed = true;
                    free.release();
                }
            }
        }
    }

    /** Set while nothing is sent here. */
    Optional<Rest> rest() {
        return asked.filter(each -> clock.instant().isBefore(each.until())).or(adapter::rest);
    }

    /** Whether a result asked to stop the port, and nothing has ended that since. */
    boolean isStopped() {
        return asked.filter(Rest::isForPerson).isPresent();
    }

    /** Starts a rest that a reply rule asks for. */
    void rest(Rest rest) {
        asked = Optional.of(rest);
    }

    /** Ends any rest. */
    void resume() {
        asked = Optional.empty();
        adapter.resume();
    }
}
