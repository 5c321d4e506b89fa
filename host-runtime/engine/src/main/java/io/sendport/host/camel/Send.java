package io.sendport.host.camel;

import io.sendport.host.run.PortWork;
import io.sendport.host.run.Prepared;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** The route's last step: the attempts, through the adapter. */
final class Send implements Processor {

    private final PortWork work;

    Send(PortWork work) {
        this.work = work;
    }

    @Override
    public void process(Exchange exchange) {
        try (Prepared prepared = exchange.getMessage().getBody(Prepared.class)) {
            work.send(prepared);
        }
    }
}
