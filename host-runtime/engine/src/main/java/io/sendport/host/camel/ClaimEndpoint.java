package io.sendport.host.camel;

import io.sendport.host.box.MessageRow;
import io.sendport.host.run.ClaimOrder;
import io.sendport.host.run.Dispatcher;
import io.sendport.host.run.PortWork;
import io.sendport.host.run.PreparedMessage;
import java.time.Duration;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;

/** The source of the route of a port: provides the messages that the dispatcher claims for the port. */
final class ClaimEndpoint extends DefaultEndpoint {

    private static final int MESSAGES_PER_CONNECTION = 4;
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

    private final PortWork work;
    private final Dispatcher dispatcher;

    ClaimEndpoint(String uri, PortWork work, Dispatcher dispatcher) {
        super(uri, null);
        this.work = work;
        this.dispatcher = dispatcher;
    }

    @Override
    public Producer createProducer() {
        throw new UnsupportedOperationException(
                "this endpoint only reads messages of a port from the message box; use sendport:PORT to submit to a port");
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        return new ClaimConsumer(processor);
    }

    private final class ClaimConsumer extends DefaultConsumer {
        ClaimConsumer(Processor processor) {
            super(ClaimEndpoint.this, processor);
        }

        @Override
        protected void doStart() throws Exception {
            super.doStart();
            work.resume();
            boolean ordered = work.schedule().ordered();
            ClaimOrder order = !ordered
                    ? ClaimOrder.NONE
                    : work.schedule().stopOnFailure() ? ClaimOrder.STOP_ON_FAILURE : ClaimOrder.CONTINUE_ON_FAILURE;
            dispatcher.open(
                    work.port(),
                    ordered ? 1 : work.concurrency() * MESSAGES_PER_CONNECTION,
                    order,
                    this::take,
                    () -> work.pause().isPresent());
        }

        @Override
        protected void doStop() throws Exception {
            dispatcher.closePort(work.port(), STOP_TIMEOUT);
            super.doStop();
        }

        /** Abandons a message whose exchange Camel has refused, for example while it stops the route. */
        private void giveUp(MessageRow row, Exchange exchange, Throwable failure) {
            getExceptionHandler().handleException("message " + row.id(), exchange, failure);
            if (exchange.getMessage().getBody() instanceof PreparedMessage prepared) {
                prepared.close();
            }
            work.abandon(row);
        }

        private void take(MessageRow row) {
            Exchange exchange = createExchange(false);
            try {
                exchange.getMessage().setBody(row);
                getProcessor().process(exchange);
                Exception failure = exchange.getException();
                if (failure != null) {
                    giveUp(row, exchange, failure);
                }
            } catch (Exception e) {
                giveUp(row, exchange, e);
            } catch (Error e) {
                giveUp(row, exchange, e);
                throw e;
            } finally {
                releaseExchange(exchange, false);
            }
        }
    }
}
