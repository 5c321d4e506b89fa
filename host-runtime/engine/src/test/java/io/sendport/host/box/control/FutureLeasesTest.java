package io.sendport.host.box.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FutureLeasesTest {

    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final Instant FUTURE = NOW.plus(Duration.ofDays(3));

    private final AtomicLong elapsed = new AtomicLong();
    private final FutureLeases ahead = new FutureLeases(LEASE, elapsed::get);

    private static Instances.Instance seen(Instant at) {
        return new Instances.Instance("Mail@one-1-abcd", "Mail", NOW.minusSeconds(3600), at);
    }

    private List<Instances.Instance> lapsed(Instant seenAt) {
        return ahead.lapsed(List.of(seen(seenAt)), NOW);
    }

    @Test
    void anInstanceSeenInTheFutureIsDeadAfterALeaseWithoutRenewal() {
        assertThat(lapsed(FUTURE)).isEmpty();
        elapsed.addAndGet(LEASE.toNanos());
        assertThat(lapsed(FUTURE)).isEmpty();
        elapsed.addAndGet(1);
        assertThat(lapsed(FUTURE)).hasSize(1);
    }

    @Test
    void anInstanceThatRenewsItsLeaseLives() {
        assertThat(lapsed(FUTURE)).isEmpty();
        elapsed.addAndGet(2 * LEASE.toNanos());
        assertThat(lapsed(FUTURE.plusSeconds(10)))
                .as("the clock is still ahead")
                .isEmpty();
        elapsed.addAndGet(2 * LEASE.toNanos());
        assertThat(lapsed(NOW)).as("the clock is right again").isEmpty();
        elapsed.addAndGet(2 * LEASE.toNanos());
        assertThat(lapsed(FUTURE)).as("what was seen before is forgotten").isEmpty();
    }

    @Test
    void toleratesAClockDifferenceOfUpToOneLease() {
        lapsed(NOW.plus(LEASE));
        elapsed.addAndGet(10 * LEASE.toNanos());
        assertThat(lapsed(NOW.plus(LEASE))).isEmpty();
    }
}
