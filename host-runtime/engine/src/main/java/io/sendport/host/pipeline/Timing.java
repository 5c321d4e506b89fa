package io.sendport.host.pipeline;

import java.time.Duration;
import java.util.Map;

/**
 * How long a component took for one message.
 *
 * @param stage its stage's element
 * @param component its element, with its name or class
 * @param elapsed time
 */
public record Timing(String stage, String component, Duration elapsed) {

    /** For {@code explain}. */
    public Map<String, Object> asMap() {
        return Map.of("stage", stage, "component", component, "micros", elapsed.toNanos() / 1000);
    }
}
