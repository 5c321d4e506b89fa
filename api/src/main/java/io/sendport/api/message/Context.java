package io.sendport.api.message;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The named properties of a message or of one of its parts. Immutable: {@code with} and {@code without} return a new context.
 *
 * <p>A property that a component of the send pipeline sets overrides the port's setting. A property that the submitter sets does so on
 * dynamic ports only (BizTalk's precedence). Thread-safe.
 */
public final class Context {

    private static final Context EMPTY = new Context(Map.of());

    private final Map<String, Object> values;

    private Context(Map<String, Object> values) {
        this.values = values;
    }

    /** The context without properties. */
    public static Context empty() {
        return EMPTY;
    }

    /**
     * A context with these values.
     *
     * @throws IllegalArgumentException when a name is not allowed or a value's type is not in {@link Property#TYPES}
     */
    public static Context of(Map<String, ?> values) {
        Map<String, Object> copy = new TreeMap<>();
        values.forEach((name, value) -> copy.put(Property.requireName(name), requireType(name, value)));
        return new Context(Collections.unmodifiableMap(copy));
    }

    /**
     * The value of {@code property}; empty when it has none.
     *
     * @throws IllegalArgumentException when the value under that name has another type
     */
    public <T> Optional<T> get(Property<T> property) {
        Object value = values.get(property.name());
        if (value != null && !property.type().isInstance(value)) {
            throw new IllegalArgumentException("property " + property.name() + " is a "
                    + value.getClass().getSimpleName() + ", expected a "
                    + property.type().getSimpleName());
        }
        return Optional.ofNullable(property.type().cast(value));
    }

    /** The value of {@code name} as text, whatever its type; times in ISO 8601, UTC. */
    public Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name)).map(Object::toString);
    }

    /** This context with {@code property} set to {@code value}. */
    public <T> Context with(Property<T> property, T value) {
        return with(property.name(), value);
    }

    /**
     * This context with the property {@code name} set to {@code value}.
     *
     * @throws IllegalArgumentException as {@link #of(Map)}
     */
    public Context with(String name, Object value) {
        Map<String, Object> copy = new TreeMap<>(values);
        copy.put(Property.requireName(name), requireType(name, value));
        return new Context(Collections.unmodifiableMap(copy));
    }

    /** This context without the property {@code name}. */
    public Context without(String name) {
        if (!values.containsKey(name)) {
            return this;
        }
        Map<String, Object> copy = new TreeMap<>(values);
        copy.remove(name);
        return new Context(Collections.unmodifiableMap(copy));
    }

    /** All values by name, sorted by name; unmodifiable. */
    public Map<String, Object> asMap() {
        return values;
    }

    private static Object requireType(String name, Object value) {
        if (!Property.TYPES.contains(value.getClass())) {
            throw new IllegalArgumentException("property " + name + ": type "
                    + value.getClass().getName() + ", expected String, Long, BigDecimal, Boolean or Instant");
        }
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Context context && values.equals(context.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    /** Names only, because values may be personal data. */
    @Override
    public String toString() {
        return "Context" + values.keySet();
    }
}
