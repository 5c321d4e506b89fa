package io.sendport.host.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.adapter.Connecting;
import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Lease;
import io.sendport.api.adapter.Progress;
import io.sendport.api.adapter.Rest;
import io.sendport.api.adapter.SendAdapter;
import io.sendport.api.adapter.SendConnection;
import io.sendport.testing.FakeAdapter;
import io.sendport.testing.Patience;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class OutletTest {

    private final AtomicInteger asked = new AtomicInteger();

    private static Outlet outlet(SendAdapter adapter) {
        return new Outlet("primary", adapter, List.of(), Clock.systemUTC());
    }

    private class Counting extends FakeAdapter {
        @Override
        public DeliveryResult send(Delivery delivery, Lease lease) {
            throw new AssertionError("nothing is sent");
        }

        @Override
        public int concurrency() {
            return 2;
        }

        @Override
        public Connecting connect() {
            asked.incrementAndGet();
            return super.connect();
        }
    }

    @Test
    void limitsConnectionsToTheConcurrencyOfTheAdapter() throws Exception {
        Outlet outlet = outlet(new Counting());
        SendConnection first = connection(outlet);
        SendConnection second = connection(outlet);
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            Future<SendConnection> third = other.submit(() -> connection(outlet));
            // The third waits while two are open, so only a connection that is closed lets it ask.
            first.close();
            third.get().close();
            assertThat(asked).hasValue(3);
            first.close();
            second.close();
            SendConnection one = connection(outlet);
            SendConnection two = connection(outlet);
            Thread[] waiter = new Thread[1];
            Future<SendConnection> waiting = other.submit(() -> {
                waiter[0] = Thread.currentThread();
                return connection(outlet);
            });
            Patience.until("it waits", () -> waiter[0] != null && waiter[0].getState() == Thread.State.TIMED_WAITING);
            assertThat(asked).as("a second close gives nothing back").hasValue(5);
            one.close();
            waiting.get().close();
            two.close();
        } finally {
            other.shutdownNow();
        }
    }

    @Test
    void countsOnlyConnectionsThatTheAdapterProvides() throws Exception {
        boolean[] fails = {true};
        Outlet outlet = outlet(new Counting() {
            @Override
            public Connecting connect() {
                if (fails[0]) {
                    fails[0] = false;
                    throw new IllegalStateException("broken");
                }
                return new Connecting.Busy("all in use");
            }
        });
        assertThatThrownBy(() -> outlet.connect(Progress.NONE)).hasMessage("broken");
        for (int i = 0; i < 5; i++) {
            assertThat(outlet.connect(Progress.NONE)).isEqualTo(new Connecting.Busy("all in use"));
        }
    }

    @Test
    void isStoppedByAResultButNotByARestOfTheAdapter() {
        Rest forAnOperator = new Rest(Rest.Cause.RELAY, Instant.MAX, "closed");
        Outlet resting = outlet(new Counting() {
            @Override
            public Optional<Rest> rest() {
                return Optional.of(forAnOperator);
            }
        });
        assertThat(resting.rest()).contains(forAnOperator);
        assertThat(resting.isStopped()).isFalse();
        Outlet stopped = outlet(new Counting());
        stopped.rest(forAnOperator);
        assertThat(stopped.isStopped()).isTrue();
        stopped.resume();
        assertThat(stopped.isStopped()).isFalse();
    }

    private static SendConnection connection(Outlet outlet) throws InterruptedException {
        return ((Connecting.Connected) outlet.connect(Progress.NONE)).connection();
    }
}
