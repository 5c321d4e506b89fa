package io.sendport.host.camel;

import io.sendport.host.box.MessageRow;
import io.sendport.host.run.PortWork;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** The route's first step: the pipeline. If nothing is to be sent, the route ends here. */
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
