package io.sendport.camel;

import io.sendport.api.submit.NotNowException;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.spi.ExceptionHandler;
import org.apache.camel.support.LoggingExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what goes wrong with a poll. A server that is away is one line when it goes away and one when it is back, since a consumer polls
 * twice a second. Everything else is logged as Camel does it. For the thread of one consumer.
 */
final class OutageLog implements ExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(OutageLog.class);

    private final LoggingExceptionHandler otherwise;
    private volatile boolean isAway;

    OutageLog(CamelContext context, Class<?> owner) {
        this.otherwise = new LoggingExceptionHandler(context, owner);
    }

    /** Called when a poll was answered. */
    void isBack() {
        if (isAway) {
            isAway = false;
            LOG.info("Outcomes are read again.");
        }
    }

    @Override
    public void handleException(Throwable failure) {
        handleException("", null, failure);
    }

    @Override
    public void handleException(String message, Throwable failure) {
        handleException(message, null, failure);
    }

    @Override
    public void handleException(String message, @Nullable Exchange exchange, Throwable failure) {
        if (exchange != null || !(failure instanceof NotNowException)) {
            otherwise.handleException(message, exchange, failure);
        } else if (isAway) {
            LOG.debug("Outcomes cannot be read yet.", failure);
        } else {
            isAway = true;
            LOG.warn("Outcomes cannot be read now; trying again with each poll: {}", failure.getMessage());
        }
    }
}
