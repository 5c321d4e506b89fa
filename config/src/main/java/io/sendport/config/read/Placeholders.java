package io.sendport.config.read;

import java.nio.file.Path;
import java.util.Map;

/** Resolves {@code {{...}}} in a configuration. */
public interface Placeholders {

    /** Defines the values of {@code <properties>}, for {@code {{name}}}. */
    void define(Map<String, String> properties);

    /**
     * The text with every placeholder resolved.
     *
     * @param folder where relative paths start: the folder of the file that contains the text
     * @throws UnresolvedException when a placeholder has no value; the message names the placeholder and never contains a value
     */
    String resolve(String text, Path folder) throws UnresolvedException;

    /** A placeholder has no value. */
    final class UnresolvedException extends Exception {
        private static final long serialVersionUID = 1L;

        /** Takes a message that says which placeholder and what was expected. */
        public UnresolvedException(String message) {
            super(message);
        }
    }
}
