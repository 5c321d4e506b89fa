package io.sendport.api.adapter;

/**
 * Receives the step that an adapter is at, so that operators see what a delivery under way waits for. Called by the thread that
 * delivers; returns at once and throws nothing. Null is allowed nowhere.
 */
@FunctionalInterface
public interface Progress {

    /** Nobody looks. */
    Progress NONE = (peer, step) -> {};

    /**
     * A step begins.
     *
     * @param peer whom the adapter talks to, as in {@link DeliveryResult#peer}; may be empty
     * @param step one of few, such as {@code RCPT}; the same words as the fact {@link Facts#PHASE}
     */
    void at(String peer, String step);
}
