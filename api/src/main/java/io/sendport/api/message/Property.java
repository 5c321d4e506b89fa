package io.sendport.api.message;

import io.sendport.support.text.Text;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Set;

/**
 * The name and type of a context property. BizTalk's properties keep their names with a prefix and a dot ({@code SMTP.Subject}, {@code
 * BTS.MessageType}). Your own properties have no dot ({@code InvoiceNumber}).
 *
 * @param name as in configuration, command line and ledger; letters, digits, {@code . _ -}, at most 256
 * @param type one of {@link #TYPES}
 * @param <T> the Java type of the value
 */
public record Property<T>(String name, Class<T> type) {

    /** The types a value may have. */
    public static final Set<Class<?>> TYPES =
            Set.of(String.class, Long.class, BigDecimal.class, Boolean.class, Instant.class);

    /**
     * Checks name and type.
     *
     * @throws IllegalArgumentException when the name or type is not allowed
     */
    public Property {
        requireName(name);
        if (!TYPES.contains(type)) {
            throw new IllegalArgumentException("property " + name + ": type " + type.getName() + ", expected one of "
                    + "String, Long, BigDecimal, Boolean, Instant");
        }
    }

    /** A property whose value is text. */
    public static Property<String> text(String name) {
        return new Property<>(name, String.class);
    }

    /** A property whose value is true or false. */
    public static Property<Boolean> flag(String name) {
        return new Property<>(name, Boolean.class);
    }

    /** A property whose value is a whole number. */
    public static Property<Long> number(String name) {
        return new Property<>(name, Long.class);
    }

    /** A property whose value is a point in time. */
    public static Property<Instant> time(String name) {
        return new Property<>(name, Instant.class);
    }

    static String requireName(String name) {
        boolean fits = !name.isEmpty() && name.length() <= 256;
        for (int i = 0; fits && i < name.length(); i++) {
            char c = name.charAt(i);
            fits = Character.isLetterOrDigit(c) || c == '.' || c == '_' || c == '-';
        }
        if (!fits) {
            throw new IllegalArgumentException("property name \"" + Text.printable(name)
                    + "\": expected 1 to 256 letters, digits, '.', '_' or '-'");
        }
        return name;
    }
}
