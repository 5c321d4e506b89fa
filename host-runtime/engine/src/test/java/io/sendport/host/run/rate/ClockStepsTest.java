package io.sendport.host.run.rate;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.config.port.Rate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClockStepsTest {

    private Instant now = Instant.parse("2026-11-22T01:00:00Z");
    private final AtomicLong nanos = new AtomicLong(42);
    private final Queue<Duration> stalls = new ArrayDeque<>();
    private final ClockSteps steps = new ClockSteps(new LookedAtClock(), nanos::get);

    /** While it is looked at the process may be stopped for a while. */
    private final class LookedAtClock extends Clock {
        @Override
        public Instant instant() {
            Instant seen = now;
            Duration stall = stalls.poll();
            if (stall != null) {
                pass(stall);
            }
            return seen;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private void pass(Duration time) {
        now = now.plus(time);
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void reportsNoStepWhenTimePasses() {
        pass(Duration.ofHours(5));
        assertThat(steps.step()).isZero();
    }

    @Test
    void reportsNoStepWhenTheClockIsSlewed() {
        for (int i = 0; i < 1_000; i++) {
            pass(Duration.ofSeconds(1));
            now = now.minusMillis(1);
            assertThat(steps.step()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1H", "PT-1H", "P1D", "P-1D"})
    void reportsTheSizeOfAClockStepOnce(String step) {
        pass(Duration.ofSeconds(3));
        now = now.plus(Duration.parse(step));
        assertThat(steps.step()).isEqualTo(Duration.parse(step));
        pass(Duration.ofSeconds(3));
        assertThat(steps.step()).isZero();
    }

    @Test
    void doesNotMistakeAStallForAStep() {
        pass(Duration.ofSeconds(1));
        stalls.add(Duration.ofSeconds(8));
        assertThat(steps.step()).as("stopped between two looks").isZero();
        pass(Duration.ofSeconds(1));
        assertThat(steps.step()).as("afterwards").isZero();
    }

    @Test
    void postponesTheMeasurementWhileTheProcessKeepsStalling() {
        pass(Duration.ofSeconds(1));
        for (int i = 0; i < 10; i++) {
            stalls.add(Duration.ofSeconds(8));
        }
        assertThat(steps.step()).isZero();
        stalls.clear();
        now = now.minus(Duration.ofHours(1));
        assertThat(steps.step()).as("a real one is still seen").isEqualTo(Duration.ofHours(-1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1H", "PT-1H"})
    void aClockStepCausesNeitherABurstNorAStall(String step) {
        LocalThrottle throttle = new LocalThrottle(new Rate(2, Duration.ofSeconds(10), "r"), steps);
        assertThat(throttle.reserve(now)).isEmpty();
        assertThat(throttle.reserve(now)).isEmpty();
        now = now.plus(Duration.parse(step));
        assertThat(throttle.reserve(now)).as("ten seconds have not passed").isPresent();
        pass(Duration.ofSeconds(11));
        assertThat(throttle.reserve(now)).as("ten seconds have passed").isEmpty();
    }
}
