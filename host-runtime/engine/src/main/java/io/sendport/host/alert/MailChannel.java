package io.sendport.host.alert;

import io.sendport.api.adapter.Connecting;
import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Lease;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.api.adapter.SendAdapter;
import io.sendport.api.adapter.SendConnection;
import io.sendport.api.submit.Submitter;
import io.sendport.config.AlertSettings;
import io.sendport.host.camel.HostCamelContext;
import io.sendport.host.condition.alert.Alert;
import io.sendport.host.handover.AdapterCall;
import io.sendport.host.pipeline.Catalog;
import io.sendport.host.pipeline.Extensions;
import io.sendport.host.pipeline.Services;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends alerts by mail, with the same SMTP adapter as ports. A new adapter sends each alert, so that no pause carries over to the next. */
final class MailChannel implements Channel {

    private static final Logger LOG = LoggerFactory.getLogger(MailChannel.class);

    private static final Submitter NO_SUBMITTER = submission -> {
        throw new IllegalStateException("the mail channel of alerts cannot submit messages");
    };

    private final AlertSettings.Mail settings;
    private final Clock clock;
    private final Catalog catalog;
    /** Created for the first mail, because most processes never send one. */
    private @Nullable HostCamelContext camel;

    MailChannel(AlertSettings.Mail settings, Extensions extensions, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.catalog = new Catalog(extensions);
    }

    @Override
    public String name() {
        return settings.name();
    }

    @Override
    public ChannelReply send(Alert alert, AlertSender sender, Lease lease) throws InterruptedException {
        try (SendAdapter adapter = catalog.adapter(settings.smtp()).create(settings.smtp(), services())) {
            Connecting result = adapter.connect();
            if (result instanceof Connecting.Busy busy) {
                return new ChannelReply(name(), false, "no connection became free: " + busy.why());
            }
            Connecting.Connected connected = (Connecting.Connected) result;
            try (SendConnection connection = connected.connection()) {
                return reply(AdapterCall.send(connection, delivery(alert, sender), lease));
            }
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            return new ChannelReply(name(), false, String.valueOf(e.getMessage()));
        }
    }

    private Services services() {
        HostCamelContext context = camel;
        if (context == null) {
            context = new HostCamelContext("alerts", Map.of(), Set.of(), NO_SUBMITTER, clock);
            context.start();
            camel = context;
        }
        return context.addTo(Services.bare("alerts", clock, Optional.empty())
                .in(settings.smtp().origin().folder()));
    }

    private Delivery delivery(Alert alert, AlertSender sender) {
        return AlertMail.delivery(alert, settings, sender);
    }

    /** Counts the alert as sent if one recipient accepted it. A retry would send it again to recipients that already have it. */
    private ChannelReply reply(DeliveryResult result) {
        int accepted = result.with(Outcome.ACCEPTED).size();
        if (accepted > 0 && accepted < result.recipients().size()) {
            LOG.warn(
                    "Alert channel {}: the server accepted the alert for {} of {} recipients, but not for {}. Sendport does not send"
                            + " it to them again. If a reply says that the address is wrong, correct <mail to=...> in <alerts>",
                    name(),
                    accepted,
                    result.recipients().size(),
                    result.recipients().stream()
                            .filter(each -> each.outcome() != Outcome.ACCEPTED)
                            .map(each -> each.address() + " (" + each.described() + ")")
                            .collect(Collectors.joining(", ")));
        }
        String text = result.recipients().stream()
                .map(RecipientResult::described)
                .distinct()
                .collect(Collectors.joining("; "));
        return new ChannelReply(name(), accepted > 0, (result.peer().isEmpty() ? "" : result.peer() + ": ") + text);
    }

    @Override
    public void close() {
        HostCamelContext context = camel;
        if (context != null) {
            context.close();
        }
        try {
            catalog.close();
        } catch (IOException e) {
            LOG.warn("Cannot close the mail channel {} of alerts: {}", name(), e.getMessage());
        }
    }
}
