package io.sendport.host.camel;

import io.sendport.host.run.PortWork;
import io.sendport.host.run.PreparedMessage;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** The last step of the route of a port: attempts the deliveries through the adapter. */
final class SendProcessor implements Processor {

    private final PortWork work;

    SendProcessor(PortWork work) {
        this.work = work;
    }

    @Override
    public void process(Exchange exchange) {
        try (PreparedMessage prepared = exchange.getMessage().getBody(PreparedMessage.class)) {
            work.send(prepared);
        }
    }
}
