package io.sendport.config.port;

import java.util.List;

/**
 * When a port's messages have their turn.
 *
 * @param windows when it sends; empty: always
 * @param rates how much at most, whichever way it goes; its relay has rates of its own
 * @param priority 1 first, 10 last, among ports that wait for the same relay
 * @param ordered strictly in the order of their submission, one at a time
 * @param stopOnFailure whether an ordered port stops at a message that failed, instead of setting it aside
 * @param expectation what operators want to hear of where it is not so
 */
public record Schedule(
        List<ServiceWindow> windows,
        List<Rate> rates,
        int priority,
        boolean ordered,
        boolean stopOnFailure,
        Expectation expectation) {

    /** BizTalk's default: always, as much as goes, in any order. */
    public static final Schedule ANY_TIME = new Schedule(List.of(), List.of(), 5, false, false, Expectation.DEFAULT);

    /** Copies the lists. */
    public Schedule {
        windows = List.copyOf(windows);
        rates = List.copyOf(rates);
    }
}
