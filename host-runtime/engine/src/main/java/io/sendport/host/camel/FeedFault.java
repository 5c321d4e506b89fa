package io.sendport.host.camel;

import java.time.Instant;

/**
 * A failing feed route.
 *
 * @param route its id
 * @param since when the first failure occurred
 * @param failures in a row
 * @param text the last failure
 */
public record FeedFault(String route, Instant since, long failures, String text) {

    FeedFault and(FeedFault newer) {
        return new FeedFault(route, since, failures + newer.failures, newer.text);
    }
}
