package io.sendport.config.build;

/** Builds {@code <all>}: conditions on properties that must all be true. Not thread-safe. */
public final class ConditionsBuilder extends ElementBuilder<ConditionsBuilder> {

    ConditionsBuilder(Node node) {
        super(node);
    }

    /** Requires that the property has this value. */
    public ConditionsBuilder isEqual(String property, String value) {
        return match(property, "equals", value);
    }

    /** Requires that the property has a different value. */
    public ConditionsBuilder isNotEqual(String property, String value) {
        return match(property, "notEquals", value);
    }

    /** Requires that the property is present. */
    public ConditionsBuilder exists(String property) {
        return match(property, "exists", "true");
    }

    /** Requires the comparison {@code operator}, such as {@code less} or {@code greaterOrEqual}. */
    public ConditionsBuilder match(String property, String operator, String value) {
        return add("match", match -> match.set("property", property).set(operator, value));
    }
}
