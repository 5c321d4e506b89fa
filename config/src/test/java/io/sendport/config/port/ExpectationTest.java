package io.sendport.config.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExpectationTest {

    private static final ZoneId PARIS = ZoneId.of("Europe/Paris");
    private static final List<ServiceWindow> OFFICE = List.of(new ServiceWindow(
            ServiceWindow.days("mon-fri"), ServiceWindow.time("08:00"), ServiceWindow.time("18:00"), PARIS));
    private static final Instant LONG_AGO = Instant.EPOCH;

    private static Expectation daily(int atLeast, List<ServiceWindow> windows) {
        return new Expectation(Duration.ofHours(1), atLeast, Duration.ofDays(1), windows);
    }

    @Test
    void countsDeliveriesWithinThePeriod() {
        Instant noon = Instant.parse("2026-11-27T12:30:00Z");
        Expectation two = daily(2, List.of());
        assertThat(two.missing(noon, LONG_AGO, Map.of())).isEqualTo(2);
        Map<Instant, Long> one =
                Map.of(Instant.parse("2026-11-26T12:00:00Z"), 1L, Instant.parse("2026-11-26T11:00:00Z"), 5L);
        assertThat(two.missing(noon, LONG_AGO, one))
                .as("the hour before does not count")
                .isEqualTo(1);
        assertThat(two.missing(noon, Instant.parse("2026-11-27T00:00:00Z"), Map.of()))
                .as("a port that is younger than that")
                .isZero();
        assertThat(daily(0, List.of()).missing(noon, LONG_AGO, Map.of())).isZero();
    }

    @Test
    void skipsDaysWithoutAServiceWindow() {
        Map<Instant, Long> friday = Map.of(Instant.parse("2026-11-27T15:00:00Z"), 1L);
        Expectation daily = daily(1, OFFICE);
        assertThat(daily.missing(Instant.parse("2026-11-29T12:00:00Z"), LONG_AGO, Map.of()))
                .as("on a Sunday nothing is expected")
                .isZero();
        assertThat(daily.missing(Instant.parse("2026-11-30T08:30:00Z"), LONG_AGO, friday))
                .as("on Monday morning Friday's count")
                .isZero();
        assertThat(daily.missing(Instant.parse("2026-11-30T16:30:00Z"), LONG_AGO, friday))
                .as("on Monday evening they don't")
                .isEqualTo(1);
    }
}
