package io.sendport.api.outcome;

import java.util.List;

/**
 * A page of outcomes, oldest first. Immutable.
 *
 * @param events the outcomes; may be empty even if more follow, because a page may cover only records of other submitters
 * @param next the position to continue at
 * @param hasMore whether more outcomes are available now
 */
public record OutcomePage(List<OutcomeEvent> events, OutcomePosition next, boolean hasMore) {

    /** Copies the list. */
    public OutcomePage {
        events = List.copyOf(events);
    }
}
