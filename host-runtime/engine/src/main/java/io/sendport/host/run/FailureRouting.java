package io.sendport.host.run;

import io.sendport.api.message.Context;
import io.sendport.api.message.Message;
import io.sendport.api.message.MessageProperties;
import io.sendport.api.submit.Receipt;
import io.sendport.config.port.SendPort;
import io.sendport.host.box.MessageAct;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.control.Actor;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a port does with a message that was just suspended: where it has failures routed, those who subscribe get it. */
final class FailureRouting {

    private static final Logger LOG = LoggerFactory.getLogger(FailureRouting.class);

    private final SendPort port;
    private final Workplace place;
    private final UntilWritten written;

    FailureRouting(SendPort port, Workplace place, UntilWritten written) {
        this.port = port;
        this.place = place;
        this.written = written;
    }

    /** Copies first, then the end of the message: when the process dies in between, the copies' dedupe key keeps them single. */
    void route(MessageRow row, String why) {
        if (!port.routesFailed()) {
            return;
        }
        try {
            Message message = place.box().inbox().load(row);
            if (message.context().get(MessageProperties.ERROR_TYPE).isPresent()) {
                LOG.warn("a report of a failure failed itself, and waits for a person");
                return;
            }
            List<Receipt> copies = place.failures().route(message, report(row, why));
            if (copies.isEmpty()) {
                LOG.warn("nobody subscribes to failures of port {}: the message waits for a person", port.name());
                return;
            }
            String to = copies.stream()
                    .map(each -> each.port() + " as " + each.id())
                    .collect(Collectors.joining(", "));
            Actor actor = new Actor("port " + port.name(), "failed, and routed to " + to);
            written.run(
                    () -> place.box().acts().act(MessageAct.ROUTE, row, actor).ifPresent(fault -> {
                        throw new IllegalStateException(fault);
                    }));
            LOG.info(actor.reason());
        } catch (RuntimeException e) {
            LOG.warn("the failed message could not be routed, and waits for a person: {}", e.getMessage());
        }
    }

    /** BizTalk's {@code ErrorReport} properties. */
    private Context report(MessageRow row, String why) {
        // Of a Camel endpoint its kind alone: the rest may hold a password.
        String location = port.transport()
                .text("host")
                .or(() -> port.transport().text("uri").map(uri -> uri.replaceAll("(?s):.*", "")))
                .orElse("");
        return Context.empty()
                .with(MessageProperties.ERROR_TYPE, "FailedMessage")
                .with(MessageProperties.ERROR_DESCRIPTION, why)
                .with(MessageProperties.ERROR_PORT, port.name())
                .with(MessageProperties.ERROR_ADAPTER, port.transport().element())
                .with(MessageProperties.ERROR_LOCATION, location)
                .with(MessageProperties.ERROR_MESSAGE_ID, row.id().value())
                .with(MessageProperties.ERROR_INSTANCE, place.instance())
                .with(MessageProperties.ERROR_TIME, place.clock().instant());
    }
}
