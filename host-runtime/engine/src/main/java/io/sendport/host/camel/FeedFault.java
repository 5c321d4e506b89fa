package io.sendport.host.camel;

import java.time.Instant;

/**
 * A feed route that fails.
 *
 * @param route the id of the route
 * @param since when the first failure occurred
 * @param failures the number of failures without a success between them
 * @param text the last failure
 */
public record FeedFault(String route, Instant since, long failures, String text) {

    FeedFault and(FeedFault newer) {
        return new FeedFault(route, since, failures + newer.failures, newer.text);
    }
}
