package io.sendport.bench;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;

/** camel-mail as it comes: nothing is durable, each mail has a connection of its own. */
final class CamelMailContestant implements Contestant {

    private final CamelContext camel = new DefaultCamelContext();
    private final ProducerTemplate template;
    private final Terms terms;

    CamelMailContestant(Terms terms) {
        this.terms = terms;
        camel.start();
        template = camel.createProducerTemplate();
        template.start();
    }

    /** The endpoint, and the header fields of a mail. */
    static String endpoint(Terms terms) {
        return "smtp://127.0.0.1:" + terms.port() + "?from=a@corp.example&to=" + recipients(terms)
                + "&subject=bench&contentType=text/plain";
    }

    static String recipients(Terms terms) {
        return IntStream.rangeClosed(1, terms.recipients())
                .mapToObj(i -> "b" + i + "@customer.example")
                .collect(Collectors.joining(","));
    }

    @Override
    public void send() {
        template.sendBodyAndHeaders(endpoint(terms), terms.text(), Map.of());
    }

    @Override
    public void close() {
        camel.stop();
    }
}
