package io.sendport.api.settings;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as people write them: {@code 25MB}, {@code 20GB}, {@code 512}; units are powers of 1024. */
public final class ByteSize {

    private static final Pattern FORM = Pattern.compile("(\\d{1,15})\\s*(B|KB|MB|GB|TB)?");
    private static final String UNITS = "KMGT";

    private ByteSize() {}

    /**
     * Parses a size.
     *
     * @return the number of bytes
     * @throws IllegalArgumentException when {@code text} is not a size
     * @throws ArithmeticException when the number of bytes exceeds {@link Long#MAX_VALUE}
     */
    public static long parse(String text) {
        Matcher matcher = FORM.matcher(text.trim());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not a valid size; use a whole number with B, KB, MB, GB or TB, such as 25MB");
        }
        String unit = matcher.group(2) == null ? "B" : matcher.group(2);
        int power = UNITS.indexOf(unit.charAt(0)) + 1;
        return Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << (10 * power));
    }

    /** A size for people: {@code 21 KB}, {@code 3.1 MB}. */
    public static String format(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        double value = bytes;
        int power = 0;
        while (value >= 1024 && power < UNITS.length()) {
            value /= 1024;
            power++;
        }
        String number =
                value < 10 ? String.format(java.util.Locale.ROOT, "%.1f", value) : Long.toString(Math.round(value));
        return number + " " + UNITS.charAt(power - 1) + "B";
    }
}
