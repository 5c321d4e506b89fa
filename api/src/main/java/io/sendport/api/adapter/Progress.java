package io.sendport.api.adapter;

/**
 * Receives the step that an adapter is at, so that operators see what a delivery in progress waits for. The delivering thread calls it. It
 * returns immediately and throws nothing. Null is never allowed.
 */
@FunctionalInterface
public interface Progress {

    /** Discards every step. */
    Progress NONE = (peer, step) -> {};

    /**
     * A step begins.
     *
     * @param peer the peer that the adapter connects to, as in {@link DeliveryResult#peer}; may be empty
     * @param step one of a few words, such as {@code RCPT}; the same words as the fact {@link Facts#PHASE}
     */
    void at(String peer, String step);
}
