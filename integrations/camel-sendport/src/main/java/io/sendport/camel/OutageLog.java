package io.sendport.camel;

import io.sendport.api.submit.NotNowException;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.spi.ExceptionHandler;
import org.apache.camel.support.LoggingExceptionHandler;
import org.apache.camel.util.URISupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs failures of polls. A consumer polls twice a second, so an outage of the server is logged once when it begins and once when it ends.
 * All other failures are logged by Camel's default handler. For the thread of one consumer.
 */
final class OutageLog implements ExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(OutageLog.class);

    private final String uri;
    private final LoggingExceptionHandler otherFailures;
    private volatile boolean isUnavailable;

    OutageLog(Endpoint endpoint, Class<?> owner) {
        this.uri = URISupport.sanitizeUri(endpoint.getEndpointUri());
        this.otherFailures = new LoggingExceptionHandler(endpoint.getCamelContext(), owner);
    }

    /** Ends an outage. */
    void pollSucceeded() {
        if (isUnavailable) {
            isUnavailable = false;
            LOG.info("Reading outcomes for {} works again.", uri);
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
            otherFailures.handleException(message, exchange, failure);
        } else if (isUnavailable) {
            LOG.debug("Still cannot read outcomes for {}.", uri, failure);
        } else {
            isUnavailable = true;
            LOG.warn("Cannot read outcomes for {}; will retry with each poll. Cause: {}", uri, failure.getMessage());
        }
    }
}
