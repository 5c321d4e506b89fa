package io.sendport.host.pipeline;

import java.time.Duration;
import java.util.Map;

/**
 * How long a component took for one message.
 *
 * @param stage the element of the stage
 * @param component the element of the component, with its name or class
 * @param elapsed how long it took
 */
public record Timing(String stage, String component, Duration elapsed) {

    /** The timing as {@code explain} shows it. */
    public Map<String, Object> asMap() {
        return Map.of("stage", stage, "component", component, "micros", elapsed.toNanos() / 1000);
    }
}
