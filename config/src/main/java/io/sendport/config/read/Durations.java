package io.sendport.config.read;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as the schema allows them: ISO 8601, with 365 days in a year. */
final class Durations {

    private static final Pattern YEARS = Pattern.compile("P(\\d{1,4})Y(.*)");

    private Durations() {}

    static Duration parse(String text) {
        Matcher matcher = YEARS.matcher(text);
        if (!matcher.matches()) {
            return Duration.parse(text);
        }
        Duration years = Duration.ofDays(365L * Integer.parseInt(matcher.group(1)));
        return matcher.group(2).isEmpty() ? years : years.plus(Duration.parse("P" + matcher.group(2)));
    }
}
