package io.sendport.host.operate;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses times and durations that users enter. */
public final class Times {

    private static final Pattern AGE = Pattern.compile("(\\d{1,6})([smhd])");

    private Times() {}

    /**
     * Parses a date, a date with a time, an age such as {@code 2h}, {@code today} or {@code yesterday}.
     *
     * @param now the current time, from which ages count
     * @param zone the time zone of a text without one
     * @throws RefusedException when the text is none of these
     */
    public static Instant parse(String text, Instant now, ZoneId zone) {
        Matcher age = AGE.matcher(text);
        if (age.matches()) {
            return now.minus(Duration.parse(
                    age.group(2).equals("d") ? "P" + age.group(1) + "D" : "PT" + age.group(1) + age.group(2)));
        }
        LocalDate today = ZonedDateTime.ofInstant(now, zone).toLocalDate();
        try {
            if (text.equals("today")) {
                return today.atStartOfDay(zone).toInstant();
            }
            if (text.equals("yesterday")) {
                return today.minusDays(1).atStartOfDay(zone).toInstant();
            }
            if (text.length() == 10) {
                return LocalDate.parse(text).atStartOfDay(zone).toInstant();
            }
            boolean zoned = text.endsWith("Z") || text.substring(11).matches(".*[+-]\\d\\d:\\d\\d");
            return zoned
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDateTime.parse(text).atZone(zone).toInstant();
        } catch (DateTimeParseException | StringIndexOutOfBoundsException e) {
            throw RefusedException.invalid("\"" + text
                    + "\" is not a valid time; expected 2026-11-21, 2026-11-21T02:30, 15m, 2h, 3d, today or yesterday");
        }
    }

    /**
     * Parses a duration, in the form {@code 5m} or in ISO 8601.
     *
     * @throws RefusedException when the text is neither
     */
    public static Duration duration(String text) {
        Matcher age = AGE.matcher(text);
        try {
            if (age.matches()) {
                return Duration.parse(
                        age.group(2).equals("d") ? "P" + age.group(1) + "D" : "PT" + age.group(1) + age.group(2));
            }
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw RefusedException.invalid("\"" + text + "\" is not a valid duration; expected 30s, 5m or PT5M");
        }
    }
}
