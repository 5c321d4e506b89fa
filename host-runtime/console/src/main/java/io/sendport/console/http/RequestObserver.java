package io.sendport.console.http;

import java.time.Duration;

/** Observes requests, for metrics. Called by several threads; implementations must be fast and must not throw. */
@FunctionalInterface
public interface RequestObserver {

    /** Observes nothing. */
    RequestObserver NONE = (method, path, status, elapsed) -> {};

    /**
     * A request was answered, or its client is gone.
     *
     * @param method the HTTP method
     * @param path the template of the path, in which {@code {name}} stands for a variable segment; {@code unknown} when nothing is
     *     served there, or the caller was refused before that was known
     * @param status the HTTP status
     * @param elapsed from the request to the last byte of the answer
     */
    void answered(String method, String path, int status, Duration elapsed);
}
