package io.sendport.api.adapter;

import java.time.Duration;
import java.util.Optional;

/**
 * What an adapter says of what to do next, beside the outcome.
 *
 * @param retryAfter wait before the next try, in the place of the port's own interval
 * @param rest the port is to rest; the message that brought it about is tried afterwards and spends no retry
 * @param backup the backup transport is to have its turn at once, where there is one
 * @param rule which rule says so, for the record; may be empty
 */
public record Advice(Optional<Duration> retryAfter, Optional<Rest> rest, boolean backup, String rule) {

    /** Nothing to say. */
    public static final Advice NONE = new Advice(Optional.empty(), Optional.empty(), false, "");
}
