package io.sendport.api.host;

import java.time.Duration;
import java.util.Map;

/**
 * Counters and timers for the host's metrics. The host adds the label {@code port}. A label takes one of a few values: never an address, an
 * id or content. Thread-safe; null is never allowed. A name or label that a metrics system spells differently causes no exception.
 */
public interface Meters {

    /** Discards everything. */
    Meters NONE = new Meters() {
        @Override
        public void count(String name, Map<String, String> labels) {
            // Discarded.
        }

        @Override
        public void time(String name, Duration took, Map<String, String> labels) {
            // Discarded.
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
