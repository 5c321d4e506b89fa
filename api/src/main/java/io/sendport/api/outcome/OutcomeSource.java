package io.sendport.api.outcome;

/**
 * Returns the outcomes of messages. Thread-safe; null is never allowed.
 *
 * <p>Delivery is at least once. A consumer handles a page, stores {@link OutcomePage#next}, and continues there after a restart. A crash on
 * either side loses nothing. An event whose position was not stored is returned again.
 */
@FunctionalInterface
public interface OutcomeSource {

    /**
     * Returns the outcomes after a position.
     *
     * @param after {@link OutcomePosition#BEGIN} to start at the oldest outcome, or {@link OutcomePosition#NOW} to skip earlier outcomes
     * @throws io.sendport.api.submit.NotNowException when the store or the server is temporarily unavailable; try again later
     * @throws IllegalArgumentException when the position does not belong to this source
     */
    OutcomePage outcomes(OutcomePosition after);
}
