package io.sendport.host.condition;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EscalationTest {

    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        // failures, seconds it lasts, work waits, seconds since the last success
        "1,   0, true,   , INFO",
        "2, 299, true,   , INFO",
        "3,   1, true,   , ATTENTION",
        "1, 300, false,  , ATTENTION",
        "1, 300, true,   , FAILING",
        "9, 900, true, 10, ATTENTION",
        "9, 900, true, 300, FAILING",
        "9, 900, false, 900, ATTENTION"
    })
    void escalatesAfterThreeFailuresOrFiveMinutes(
            long failures, long lasts, boolean waits, Long lastSuccess, Severity severity) {
        assertThat(Escalation.of(
                        failures,
                        NOW.minusSeconds(lasts),
                        NOW,
                        waits,
                        Optional.ofNullable(lastSuccess).map(NOW::minusSeconds)))
                .isEqualTo(severity);
    }

    @Test
    void doesNotEscalateWhenTheClockIsSetBack() {
        assertThat(Escalation.of(1, NOW.plus(Duration.ofDays(1)), NOW, true, Optional.empty()))
                .isEqualTo(Severity.INFO);
    }
}
