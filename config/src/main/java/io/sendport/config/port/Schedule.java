package io.sendport.config.port;

import java.util.List;

/**
 * When and in which order a port sends its messages.
 *
 * @param windows when it sends; when empty, always
 * @param rates rate limits on all its transports; its relay has separate rates
 * @param priority 1 first, 10 last, among ports that wait for the same relay
 * @param ordered strictly in the order of submission, one at a time
 * @param stopOnFailure whether an ordered port stops at a failed message instead of setting it aside
 * @param expectation what the port is expected to do; operators are alerted when it does not
 */
public record Schedule(
        List<ServiceWindow> windows,
        List<Rate> rates,
        int priority,
        boolean ordered,
        boolean stopOnFailure,
        Expectation expectation) {

    /** BizTalk's default: always, at any rate, in any order. */
    public static final Schedule ANY_TIME = new Schedule(List.of(), List.of(), 5, false, false, Expectation.DEFAULT);

    /** Copies the lists. */
    public Schedule {
        windows = List.copyOf(windows);
        rates = List.copyOf(rates);
    }
}
