package io.sendport.host.camel;

import java.time.Instant;

/**
 * A feed route that fails.
 *
 * @param route its id
 * @param since when the first failure was
 * @param failures in a row
 * @param text the last of them
 */
public record FeedFault(String route, Instant since, long failures, String text) {

    FeedFault and(FeedFault newer) {
        return new FeedFault(route, since, failures + newer.failures, newer.text);
    }
}
