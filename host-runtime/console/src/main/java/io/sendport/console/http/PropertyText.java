package io.sendport.console.http;

import java.util.Map;

/** A context property as people write it in a request or a form: {@code NAME=VALUE}. */
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
            throw ProblemException.invalid("a property is given as NAME=VALUE");
        }
        properties.put(text.substring(0, equals), text.substring(equals + 1));
    }
}
