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

/** One transport of a port, primary or backup, with its connections and rests. Safe for use by several threads. */
final class Outlet {

    /** The default of {@code readTimeout}. The message is then released, so that an instance with a free connection may claim it. */
    private static final Duration CONNECTION_TIMEOUT = Duration.ofMinutes(5);

    private final String name;
    private final SendAdapter adapter;
    private final List<Throttle> throttles;
    private final Clock clock;
    private final Semaphore free;
    private volatile Optional<Rest> requestedRest = Optional.empty();

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

    /** The throttles of the server. */
    List<Throttle> throttles() {
        return throttles;
    }

    SendAdapter adapter() {
        return adapter;
    }

    /**
     * Gets a connection from the adapter, at most its {@linkplain SendAdapter#concurrency concurrency} at a time. Waits up to 5 minutes
     * while all connections are in use.
     *
     * @throws InterruptedException when the thread is interrupted while it waits
     */
    Connecting connect(Progress progress) throws InterruptedException {
        if (!free.tryAcquire(CONNECTION_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS)) {
            return new Connecting.Busy("no connection of the port (at most " + adapter.concurrency()
                    + ") became free within " + CONNECTION_TIMEOUT.toMinutes() + " minutes");
        }
        boolean isHeld = false;
        try {
            Optional<Rest> current = rest();
            if (current.isPresent()) {
                return new Connecting.Busy(current.get().why());
            }
            Connecting connecting = adapter.connect(progress);
            if (connecting instanceof Connecting.Connected connected) {
                Connecting held = new Connecting.Connected(new CountedConnection(connected.connection()));
                isHeld = true;
                return held;
            }
            return connecting;
        } finally {
            if (!isHeld) {
                free.release();
            }
        }
    }

    /** A connection that counts as in use until it is closed. */
    private final class CountedConnection extends ForwardingConnection {
        private boolean isClosed;

        CountedConnection(SendConnection connection) {
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

    /** The current rest; empty while the outlet may send. */
    Optional<Rest> rest() {
        return requestedRest
                .filter(each -> clock.instant().isBefore(each.until()))
                .or(adapter::rest);
    }

    /** Whether a reply rule has stopped the port, and {@link #resume} was not called since. */
    boolean isStopped() {
        return requestedRest.filter(Rest::isForPerson).isPresent();
    }

    /** Starts a rest that a reply rule asks for. */
    void rest(Rest rest) {
        requestedRest = Optional.of(rest);
    }

    /** Ends any rest. */
    void resume() {
        requestedRest = Optional.empty();
        adapter.resume();
    }
}
