package io.sendport.camel;

import io.sendport.api.submit.Submission;
import io.sendport.api.submit.SubmissionRefusedException;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

/** Submits an exchange, and sets the ids of its messages as a header. */
final class SendportProducer extends DefaultProducer {

    private final SendportEndpoint endpoint;

    SendportProducer(SendportEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Submission submission = ExchangeSubmission.of(exchange, endpoint);
        try {
            String ids = endpoint.component().publish(submission, exchange, endpoint.submitter()).stream()
                    .map(receipt -> receipt.id().value())
                    .collect(Collectors.joining(","));
            SourceKey.recordSubmission(exchange);
            exchange.getMessage().setHeader(SendportHeaders.MESSAGE_ID, ids);
        } catch (SubmissionRefusedException e) {
            if (endpoint.getOnRefused() == OnRefused.FAIL) {
                throw e;
            }
            exchange.getMessage().setHeader(SendportHeaders.REFUSAL, e.getMessage());
            exchange.setRouteStop(true);
        }
    }
}
