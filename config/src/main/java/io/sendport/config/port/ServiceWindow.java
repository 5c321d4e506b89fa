package io.sendport.config.port;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code <serviceWindow>}: when a port sends, by the local time of {@code zone} including daylight saving time. A window that starts in the
 * hour skipped in spring starts right after that hour.
 *
 * @param days the days on which it starts
 * @param from the start time
 * @param to the end time; when it is not after {@code from}, it is on the next day
 * @param zone the time zone
 */
public record ServiceWindow(Set<DayOfWeek> days, LocalTime from, LocalTime to, ZoneId zone) {

    private static final List<String> DAYS = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");
    private static final Pattern TIME = Pattern.compile("([01]\\d|2[0-3]):([0-5]\\d)|24:00");
    private static final int LOOK_AHEAD_DAYS = 8;

    /** Copies the days. */
    public ServiceWindow {
        days = Set.copyOf(days);
    }

    /**
     * Parses {@code mon-fri}, {@code sat, sun}; empty text means every day.
     *
     * @throws IllegalArgumentException when a word is not a day
     */
    public static Set<DayOfWeek> days(String text) {
        if (text.isBlank()) {
            return EnumSet.allOf(DayOfWeek.class);
        }
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        for (String range : text.toLowerCase(Locale.ROOT).strip().split("[ ,;]+")) {
            List<Integer> ends =
                    Arrays.stream(range.split("-", -1)).map(DAYS::indexOf).toList();
            if (ends.contains(-1) || ends.size() > 2) {
                throw new IllegalArgumentException("\"" + range + "\" is not a day");
            }
            int day = ends.get(0);
            int last = ends.get(ends.size() - 1);
            days.add(DayOfWeek.of(day + 1));
            while (day != last) {
                day = (day + 1) % DAYS.size();
                days.add(DayOfWeek.of(day + 1));
            }
        }
        return days;
    }

    /**
     * Parses {@code HH:MM}; 24:00 is the end of the day.
     *
     * @throws IllegalArgumentException when the text is not a time of day
     */
    public static LocalTime time(String text) {
        Matcher matcher = TIME.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is not a time of day");
        }
        return matcher.group(1) == null ? LocalTime.MIDNIGHT : LocalTime.parse(text.strip());
    }

    /** When one of {@code windows} opens next; empty when one is open, or without windows. */
    public static Optional<Instant> opensAt(Collection<ServiceWindow> windows, Instant now) {
        if (windows.isEmpty() || windows.stream().anyMatch(window -> window.isOpen(now))) {
            return Optional.empty();
        }
        return windows.stream().map(window -> window.nextStart(now)).min(Comparator.naturalOrder());
    }

    /** Whether the window is open at any time of that day. */
    boolean touches(LocalDate day) {
        boolean fromDayBefore = !to.isAfter(from) && !to.equals(LocalTime.MIDNIGHT);
        return days.contains(day.getDayOfWeek())
                || (fromDayBefore && days.contains(day.minusDays(1).getDayOfWeek()));
    }

    private boolean isOpen(Instant now) {
        LocalDate today = now.atZone(zone).toLocalDate();
        for (LocalDate day : List.of(today.minusDays(1), today)) {
            if (days.contains(day.getDayOfWeek()) && !now.isBefore(start(day)) && now.isBefore(end(day))) {
                return true;
            }
        }
        return false;
    }

    private Instant nextStart(Instant now) {
        LocalDate today = now.atZone(zone).toLocalDate();
        for (int ahead = 0; ahead <= LOOK_AHEAD_DAYS; ahead++) {
            LocalDate day = today.plusDays(ahead);
            if (days.contains(day.getDayOfWeek()) && start(day).isAfter(now)) {
                return start(day);
            }
        }
        throw new IllegalStateException("no day of the service window is in the next " + LOOK_AHEAD_DAYS + " days");
    }

    private Instant start(LocalDate day) {
        // Where daylight saving time skips that hour, the window opens at the next hour.
        LocalDateTime local = LocalDateTime.of(day, from);
        ZoneOffsetTransition gap = zone.getRules().getTransition(local);
        return gap != null && gap.isGap()
                ? gap.getInstant()
                : ZonedDateTime.of(local, zone).toInstant();
    }

    private Instant end(LocalDate day) {
        LocalDate last = to.isAfter(from) ? day : day.plusDays(1);
        // Where the end of daylight saving time repeats the hour, the window ends with the second one.
        return ZonedDateTime.of(last, to, zone).withLaterOffsetAtOverlap().toInstant();
    }
}
