package io.sendport.config.read;

import java.nio.file.Path;
import java.util.Map;

/** Resolves {@code {{...}}} in a configuration. */
public interface Placeholders {

    /** Makes known the values of {@code <properties>}, for {@code {{name}}}. */
    void define(Map<String, String> properties);

    /**
     * The text with every placeholder resolved.
     *
     * @param folder where relative paths start: that of the file in which the text stands
     * @throws UnresolvedException when one has no value; the message names it and never a value
     */
    String resolve(String text, Path folder) throws UnresolvedException;

    /** A placeholder has no value. */
    final class UnresolvedException extends Exception {
        private static final long serialVersionUID = 1L;

        /** Says which placeholder and what was expected. */
        public UnresolvedException(String message) {
            super(message);
        }
    }
}
