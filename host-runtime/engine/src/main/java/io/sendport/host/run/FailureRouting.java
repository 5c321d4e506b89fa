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

/** Routes a message that was just suspended: if its port routes failures, the subscribers get copies and the message ends. */
final class FailureRouting {

    private static final Logger LOG = LoggerFactory.getLogger(FailureRouting.class);

    private final SendPort port;
    private final PortServices services;
    private final RetryingWriter writer;

    FailureRouting(SendPort port, PortServices services, RetryingWriter writer) {
        this.port = port;
        this.services = services;
        this.writer = writer;
    }

    /**
     * Submits the copies, and then ends the message. If the process dies in between, the dedupe key of the copies prevents duplicates.
     * Logs failures and does not throw.
     *
     * @param why the reason of the failure
     */
    void route(MessageRow row, String why) {
        if (!port.routesFailed()) {
            return;
        }
        try {
            Message message = services.box().inbox().load(row);
            if (message.context().get(MessageProperties.ERROR_TYPE).isPresent()) {
                LOG.warn(
                        "message {} reports a failed message and failed itself, so it is not routed again and stays"
                                + " suspended. Correct the cause, then resume or terminate it",
                        row.id());
                return;
            }
            List<Receipt> copies = services.failures().route(message, report(row, why));
            if (copies.isEmpty()) {
                LOG.warn(
                        "no port subscribes to failures of port {}, so the failed message stays suspended. Correct the cause,"
                                + " then resume or terminate the message",
                        port.name());
                return;
            }
            String to = copies.stream()
                    .map(each -> each.port() + " as " + each.id())
                    .collect(Collectors.joining(", "));
            Actor actor = new Actor("port " + port.name(), "failed, and routed to " + to);
            writer.run(() -> services.box()
                    .acts()
                    .act(MessageAct.ROUTE, row, actor)
                    .ifPresent(fault -> {
                        throw new IllegalStateException(fault);
                    }));
            LOG.info(actor.reason());
        } catch (RuntimeException e) {
            LOG.warn(
                    "Routing of the failed message did not complete: {}. Ports that subscribe to failures may already have a copy."
                            + " If this message is still suspended, correct the cause of its failure, then resume or terminate it",
                    e.getMessage());
        }
    }

    /** The {@code ErrorReport} properties, as in BizTalk. */
    private Context report(MessageRow row, String why) {
        // Report only the scheme of a Camel endpoint: the rest may contain a password.
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
                .with(MessageProperties.ERROR_INSTANCE, services.instance())
                .with(MessageProperties.ERROR_TIME, services.clock().instant());
    }
}
