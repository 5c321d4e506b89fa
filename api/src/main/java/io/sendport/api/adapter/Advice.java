package io.sendport.api.adapter;

import java.time.Duration;
import java.util.Optional;

/**
 * What an adapter advises the engine to do next, in addition to the outcome.
 *
 * @param retryAfter wait before the next attempt; replaces the port's retry interval
 * @param rest the port pauses; the message that caused the pause is attempted afterwards and uses up no retry
 * @param backup the backup transport is used at once, where there is one
 * @param rule the rule that gave this advice, for the record; may be empty
 */
public record Advice(Optional<Duration> retryAfter, Optional<Rest> rest, boolean backup, String rule) {

    /** No advice. */
    public static final Advice NONE = new Advice(Optional.empty(), Optional.empty(), false, "");
}
