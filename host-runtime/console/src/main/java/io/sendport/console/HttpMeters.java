package io.sendport.console;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.sendport.console.http.RequestObserver;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;

/** Times the requests to the HTTP API and the console. Safe for use by several threads. */
final class HttpMeters implements RequestObserver {

    private static final Duration[] BUCKETS = Stream.of(
                    5L, 10L, 25L, 50L, 100L, 250L, 500L, 1_000L, 2_500L, 5_000L, 10_000L)
            .map(Duration::ofMillis)
            .toArray(Duration[]::new);

    /** A client can send any word as a method, and each would be a meter of its own. */
    private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS");

    private final MeterRegistry registry;

    /** Registers with {@code registry}. */
    HttpMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void answered(String method, String path, int status, Duration elapsed) {
        Timer.builder("sendport.http")
                .description("Time from a request to the HTTP API or console to the last byte of its answer")
                .tag("method", METHODS.contains(method) ? method : "other")
                .tag("path", path)
                .tag("status", Integer.toString(status))
                .serviceLevelObjectives(BUCKETS)
                .register(registry)
                .record(elapsed);
    }
}
