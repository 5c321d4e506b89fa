package io.sendport.console.http;

import java.util.Map;

/** A context property as users write it in a request or a form: {@code NAME=VALUE}. */
public final class PropertyText {

    private PropertyText() {}

    /**
     * Adds the property in {@code text} to {@code properties}.
     *
     * @throws ProblemException when {@code text} has no name, or no equals sign
     */
    public static void put(Map<String, String> properties, String text) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw ProblemException.invalid("a property has no name or no value; write it as NAME=VALUE");
        }
        properties.put(text.substring(0, equals), text.substring(equals + 1));
    }
}
