package io.sendport.host.pipeline;

import io.sendport.api.settings.Secret;
import io.sendport.api.settings.Setting;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Converts the text of a property to the type of a constructor's parameter. */
final class PropertyValue {

    /** Examples of values of some types. */
    private static final Map<Class<?>, String> EXAMPLES = Map.ofEntries(
            Map.entry(int.class, "5"),
            Map.entry(Integer.class, "5"),
            Map.entry(long.class, "5"),
            Map.entry(Long.class, "5"),
            Map.entry(double.class, "0.5"),
            Map.entry(Double.class, "0.5"),
            Map.entry(boolean.class, "true"),
            Map.entry(Boolean.class, "true"),
            Map.entry(BigDecimal.class, "12.50"),
            Map.entry(Duration.class, "PT5S"),
            Map.entry(URI.class, "https://host.example/path"),
            Map.entry(Charset.class, "utf-8"));

    private PropertyValue() {}

    /**
     * Converts {@code setting} to {@code type}: text, a number, a flag, a duration, a pattern, a URI, a character set, a path relative to
     * the folder of the configuration file, a secret, a constant of an enum, or a comma-separated list of these. Any other type must have
     * a public constructor or a static method {@code valueOf}, {@code parse} or {@code of} that takes a text.
     *
     * @throws RuntimeException when the text is invalid; the message says what was expected
     */
    static Object convert(Setting setting, Type type) {
        if (type instanceof ParameterizedType parameterized && parameterized.getRawType() == List.class) {
            Type element = parameterized.getActualTypeArguments()[0];
            List<Object> list = new ArrayList<>();
            for (String each : setting.value().split(",")) {
                if (!each.isBlank()) {
                    list.add(convert(Setting.plain(each.strip(), setting.origin()), element));
                }
            }
            return List.copyOf(list);
        }
        if (!(type instanceof Class<?> wanted)) {
            throw new IllegalArgumentException("a property cannot be a " + type.getTypeName());
        }
        try {
            return convert(setting, wanted);
        } catch (RuntimeException e) {
            String example = EXAMPLES.get(wanted);
            if (example == null) {
                throw e;
            }
            throw new IllegalArgumentException("expected a value such as " + example, e);
        }
    }

    private static Object convert(Setting setting, Class<?> type) {
        String text = setting.value();
        if (type == String.class) {
            return text;
        }
        if (type == boolean.class || type == Boolean.class) {
            return flag(text);
        }
        if (type == Duration.class) {
            return Duration.parse(text);
        }
        if (type == Pattern.class) {
            return Pattern.compile(text);
        }
        if (type == URI.class) {
            return URI.create(text);
        }
        if (type == Charset.class) {
            return Charset.forName(text);
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
        return made(
                text, type.isPrimitive() ? MethodType.methodType(type).wrap().returnType() : type);
    }

    private static Object made(String text, Class<?> type) {
        try {
            for (String name : List.of("valueOf", "parse", "of")) {
                Method method = publicMethod(type, name);
                if (method != null) {
                    return method.invoke(null, text);
                }
            }
            return type.getConstructor(String.class).newInstance(text);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(
                    String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()), e);
        } catch (ReflectiveOperationException e) {
            String constants = type.isEnum()
                    ? "expected one of " + Arrays.toString(type.getEnumConstants())
                    : "expected a type to which text can be converted: text, a number, boolean, Duration, Pattern, Path, URI, Charset, Secret,"
                            + " an enum, a List of these, or a type with a static valueOf(String), parse(String) or of(String), or a"
                            + " constructor that takes a String";
            throw new IllegalArgumentException(constants, e);
        }
    }

    private static @Nullable Method publicMethod(Class<?> type, String name) {
        if (type.isEnum()) {
            return null;
        }
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getName().equals(name)
                        && Modifier.isStatic(method.getModifiers())
                        && type.isAssignableFrom(method.getReturnType())
                        && method.getParameterCount() == 1
                        && (method.getParameterTypes()[0] == String.class
                                || method.getParameterTypes()[0] == CharSequence.class))
                .findFirst()
                .orElse(null);
    }

    private static Boolean flag(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException("expected true or false");
        }
        return Boolean.valueOf(text);
    }
}
