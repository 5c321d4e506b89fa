package io.sendport.host.camel;

import io.sendport.host.box.MessageRow;
import io.sendport.host.run.PortWork;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** The first step of the route of a port: runs the pipeline. Stops the route for the exchange if there is nothing to send. */
final class PrepareProcessor implements Processor {

    private final PortWork work;

    PrepareProcessor(PortWork work) {
        this.work = work;
    }

    @Override
    public void process(Exchange exchange) {
        MessageRow row = exchange.getMessage().getBody(MessageRow.class);
        work.prepare(row)
                .ifPresentOrElse(
                        prepared -> exchange.getMessage().setBody(prepared), () -> exchange.setRouteStop(true));
    }
}
