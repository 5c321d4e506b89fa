package io.sendport.api.host;

import java.time.Duration;
import java.util.Map;

/**
 * Counts and times for the host's metrics. The host adds the label {@code port}. A label takes one of few
 * values: never an address, an id or content. For any number of threads; null is allowed nowhere; nothing is thrown for a name or label that
 * a metrics system would spell otherwise.
 */
public interface Meters {

    /** Drops everything. */
    Meters NONE = new Meters() {
        @Override
        public void count(String name, Map<String, String> labels) {
            // Nobody looks.
        }

        @Override
        public void time(String name, Duration took, Map<String, String> labels) {
            // Nobody looks.
        }
    };

    /**
     * Adds one.
     *
     * @param name lower case with dots, such as {@code example.uploads}
     */
    void count(String name, Map<String, String> labels);

    /**
     * Records how long something took.
     *
     * @param name lower case with dots
     */
    void time(String name, Duration took, Map<String, String> labels);
}
