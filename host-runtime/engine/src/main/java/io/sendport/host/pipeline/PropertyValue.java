package io.sendport.host.pipeline;

import io.sendport.api.settings.Secret;
import io.sendport.api.settings.Setting;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

/** Turns the text of a property into what a component's constructor takes. */
final class PropertyValue {

    private PropertyValue() {}

    /**
     * {@code setting} as {@code type}.
     *
     * @throws RuntimeException when it isn't one, with what was expected
     */
    static Object convert(Setting setting, Class<?> type) {
        String text = setting.value();
        if (type == String.class) {
            return text;
        }
        if (type == int.class || type == Integer.class) {
            return Integer.valueOf(text);
        }
        if (type == long.class || type == Long.class) {
            return Long.valueOf(text);
        }
        if (type == boolean.class || type == Boolean.class) {
            return flag(text);
        }
        if (type == BigDecimal.class) {
            return new BigDecimal(text);
        }
        if (type == Duration.class) {
            return Duration.parse(text);
        }
        if (type == Pattern.class) {
            return Pattern.compile(text);
        }
        if (type == Path.class) {
            return setting.origin().folder().resolve(text).normalize();
        }
        if (type == Secret.class) {
            return new Secret(text);
        }
        for (Object constant : type.isEnum() ? type.getEnumConstants() : new Object[0]) {
            if (((Enum<?>) constant).name().equalsIgnoreCase(text)) {
                return constant;
            }
        }
        throw new IllegalArgumentException(
                "expected a value of type " + type.getSimpleName()
                        + "; a property may be text, int, long, boolean, BigDecimal, Duration, Pattern, Path, Secret or an enum");
    }

    private static Boolean flag(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException("expected true or false");
        }
        return Boolean.valueOf(text);
    }
}
