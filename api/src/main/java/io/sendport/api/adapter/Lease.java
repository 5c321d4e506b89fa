package io.sendport.api.adapter;

/** The right to send the current message. An adapter checks it immediately before the step that cannot be undone, such as the final dot. */
@FunctionalInterface
public interface Lease {

    /** Whether the lease is still held. Uses a monotonic clock; cheap. */
    boolean isHeld();
}
