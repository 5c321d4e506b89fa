package io.sendport.config.build;

import java.time.Duration;

/** Builds {@code <retry>}: when a delivery is retried. Not thread-safe. */
public final class RetryBuilder extends ElementBuilder<RetryBuilder> {

    RetryBuilder(Node node) {
        super(node);
    }

    /** Sets the retries after the first attempt; the default is 3. */
    public RetryBuilder count(int retries) {
        return set("count", retries);
    }

    /** Sets the wait before a retry; the default is 5 minutes. */
    public RetryBuilder interval(Duration wait) {
        return set("interval", wait);
    }

    /** Multiplies each wait by {@code factor}, up to {@code longest}. */
    public RetryBuilder backoff(double factor, Duration longest) {
        return set("backoff", new java.math.BigDecimal(Double.toString(factor)).toPlainString())
                .set("maxInterval", longest);
    }

    /** Sets the age after which a message is not retried. */
    public RetryBuilder maxAge(Duration age) {
        return set("maxAge", age);
    }

    /** Holds a delivery in doubt for an operator; by default it is resent. */
    public RetryBuilder holdInDoubt() {
        return set("inDoubt", "hold");
    }
}
