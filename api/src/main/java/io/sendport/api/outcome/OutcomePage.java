package io.sendport.api.outcome;

import java.util.List;

/**
 * Some outcomes, oldest first. Immutable.
 *
 * @param events the outcomes; may be empty although more follow, since outcomes of others lie between
 * @param next where to continue
 * @param hasMore whether to read on at once; otherwise these are all outcomes so far
 */
public record OutcomePage(List<OutcomeEvent> events, OutcomePosition next, boolean hasMore) {

    /** Copies the list. */
    public OutcomePage {
        events = List.copyOf(events);
    }
}
