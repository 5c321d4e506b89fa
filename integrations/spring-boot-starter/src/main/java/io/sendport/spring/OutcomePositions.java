package io.sendport.spring;

import io.sendport.api.outcome.OutcomePosition;

/** Stores the position of each listener. A bean of this type replaces the starter's. Thread-safe. */
public interface OutcomePositions {

    /** Returns the position of a listener; {@link OutcomePosition#BEGIN} before its first event. */
    OutcomePosition read(String reader);

    /**
     * Runs {@code work} and advances the position. If the work throws, the position stays.
     *
     * @param from the expected current position
     * @param to the position after the work
     * @return false when nothing was done because the position is no longer {@code from}: another instance of the application advanced it
     */
    boolean advance(String reader, OutcomePosition from, OutcomePosition to, Runnable work);
}
