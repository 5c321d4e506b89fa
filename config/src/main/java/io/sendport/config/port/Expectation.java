package io.sendport.config.port;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/**
 * {@code <expect>}: what a port is expected to do. Operators are alerted when it does not.
 *
 * @param within the time in which the transport must accept a due message; positive
 * @param atLeast the minimum number of messages that the transport must accept in {@code per}; 0 when none are expected
 * @param per the counting period, in whole hours; positive
 * @param windows when the port sends; days without a window do not count
 */
public record Expectation(Duration within, int atLeast, Duration per, List<ServiceWindow> windows) {

    /** One hour, and no expected number of messages. */
    public static final Expectation DEFAULT = new Expectation(Duration.ofHours(1), 0, Duration.ofDays(1), List.of());

    private static final int MAX_HOURS = 24 * 400;

    /** Copies the windows. */
    public Expectation {
        windows = List.copyOf(windows);
    }

    /** Whether messages are counted. */
    public boolean counts() {
        return atLeast > 0;
    }

    /**
     * The start of the counting period that ends at {@code now}: {@code per} ago, not counting days on which the port has no service
     * window.
     */
    public Instant countedSince(Instant now) {
        Instant hour = now.truncatedTo(ChronoUnit.HOURS);
        long left = Math.max(1, per.toHours());
        for (int i = 0; left > 0 && i < MAX_HOURS; i++) {
            hour = hour.minus(1, ChronoUnit.HOURS);
            left -= isOnAWorkingDay(hour) ? 1 : 0;
        }
        return hour;
    }

    private boolean isOnAWorkingDay(Instant hour) {
        return windows.isEmpty() || windows.stream().anyMatch(window -> window.touches(day(hour, window.zone())));
    }

    private static LocalDate day(Instant at, ZoneId zone) {
        return at.atZone(zone).toLocalDate();
    }

    /**
     * Returns how many messages are missing. 0 when the expectation is met, or when it is too early to know.
     *
     * @param knownSince when the port was first known
     * @param delivered messages by the hour in which the transport accepted them
     */
    public long missing(Instant now, Instant knownSince, Map<Instant, Long> delivered) {
        Instant since = countedSince(now);
        if (!counts()
                || knownSince.isAfter(since)
                || ServiceWindow.opensAt(windows, now).isPresent()) {
            return 0;
        }
        long found = delivered.entrySet().stream()
                .filter(each -> !each.getKey().isBefore(since))
                .mapToLong(Map.Entry::getValue)
                .sum();
        return Math.max(0, atLeast - found);
    }
}
