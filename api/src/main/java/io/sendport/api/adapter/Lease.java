package io.sendport.api.adapter;

/** The right to send the message at hand. An adapter asks right before the act that can't be undone, such as the final dot. */
@FunctionalInterface
public interface Lease {

    /** Whether the right still holds. By a monotonic clock; cheap. */
    boolean isHeld();
}
