package io.sendport.camel;

import io.sendport.api.outcome.OutcomeEvent;
import io.sendport.api.outcome.OutcomePage;
import io.sendport.api.outcome.OutcomePosition;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.spi.StateRepository;
import org.apache.camel.support.ScheduledPollConsumer;
import org.apache.camel.support.service.ServiceHelper;

/**
 * Passes outcomes to a route, one at a time. After a failure, the next poll repeats the outcome, and later outcomes wait. A route that
 * handles its errors continues.
 */
final class OutcomesConsumer extends ScheduledPollConsumer {

    private final SendportEndpoint endpoint;
    private final StateRepository<String, String> positions;
    private final OutageLog outages;

    OutcomesConsumer(SendportEndpoint endpoint, Processor processor, StateRepository<String, String> positions) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.positions = positions;
        this.outages = new OutageLog(endpoint, OutcomesConsumer.class);
        setExceptionHandler(outages);
    }

    @Override
    protected void doStart() throws Exception {
        ServiceHelper.startService(positions);
        super.doStart();
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        ServiceHelper.stopService(positions);
    }

    @Override
    protected int poll() throws Exception {
        int handled = 0;
        boolean hasMore = true;
        while (hasMore && isRunAllowed() && !isSuspendingOrSuspended()) {
            OutcomePage page = endpoint.outcomes().outcomes(position());
            outages.pollSucceeded();
            for (OutcomeEvent each : page.events()) {
                if (!isRunAllowed() || !handle(each)) {
                    return handled;
                }
                store(each.position());
                handled++;
            }
            store(page.next());
            hasMore = page.hasMore();
        }
        return handled;
    }

    private boolean handle(OutcomeEvent event) {
        Exchange exchange = createExchange(false);
        try {
            exchange.getMessage().setBody(event);
            exchange.getMessage()
                    .setHeader(SendportHeaders.MESSAGE_ID, event.message().value());
            exchange.getMessage().setHeader(SendportHeaders.PORT, event.port());
            exchange.getMessage()
                    .setHeader(SendportHeaders.OUTCOME, event.kind().word());
            exchange.getMessage().setHeader(SendportHeaders.OUTCOME_ID, event.id());
            event.recipient().ifPresent(address -> exchange.getMessage().setHeader(SendportHeaders.RECIPIENT, address));
            event.dedupeKey().ifPresent(key -> exchange.getMessage().setHeader(SendportHeaders.DEDUPE_KEY, key));
            getProcessor().process(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        }
        Exception failure = exchange.getException();
        if (failure != null) {
            getExceptionHandler()
                    .handleException(
                            "Cannot handle outcome " + event.id()
                                    + "; will retry it on the next poll, and later outcomes wait."
                                    + " Correct the cause, or handle errors in the route",
                            exchange,
                            failure);
        }
        boolean isRolledBack = exchange.isRollbackOnly() || exchange.isRollbackOnlyLast();
        releaseExchange(exchange, false);
        return failure == null && !isRolledBack;
    }

    private String reader() {
        String own = endpoint.getReader();
        return own == null ? getRouteId() : own;
    }

    private OutcomePosition position() {
        String stored = positions.getState(reader());
        if (stored != null) {
            return new OutcomePosition(stored);
        }
        return endpoint.getStartAt() == StartAt.NOW ? OutcomePosition.NOW : OutcomePosition.BEGIN;
    }

    private void store(OutcomePosition position) {
        if (!position.value().equals(positions.getState(reader()))) {
            positions.setState(reader(), position.value());
        }
    }
}
