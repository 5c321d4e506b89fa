package io.sendport.spring;

import io.sendport.api.outcome.OutcomePosition;

/** Keeps how far each listener has read. A bean of this type replaces the starter's. Safe for use by several threads. */
public interface OutcomePositions {

    /** The position of a listener; {@link OutcomePosition#BEGIN} before its first event. */
    OutcomePosition read(String reader);

    /**
     * Does some work and moves the position. If the work throws, the position stays.
     *
     * @param from the position that the work begins at
     * @param to the position after it
     * @return false when nothing was done, since the position is not {@code from} any more: another instance of the application has moved it
     */
    boolean advance(String reader, OutcomePosition from, OutcomePosition to, Runnable work);
}
