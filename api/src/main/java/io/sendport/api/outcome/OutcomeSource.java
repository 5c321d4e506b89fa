package io.sendport.api.outcome;

/**
 * Gives what became of messages. Safe for use by several threads.
 *
 * <p>Outcomes are delivered at least once: a consumer handles a page, stores {@link OutcomePage#next}, and begins there after a restart. Nothing is lost when either
 * side is killed, and an event whose position was not stored is read again.
 */
@FunctionalInterface
public interface OutcomeSource {

    /**
     * The outcomes after a place.
     *
     * @param after {@link OutcomePosition#BEGIN} at first, or {@link OutcomePosition#NOW} to leave out what was before
     * @throws io.sendport.api.submit.NotNowException when nobody can be asked now
     * @throws IllegalArgumentException when the position is not one of this source
     */
    OutcomePage outcomes(OutcomePosition after);
}
