package io.sendport.host.alert;

import io.sendport.config.AlertSettings;
import io.sendport.config.Configuration;
import io.sendport.host.condition.alert.Alert;
import io.sendport.host.pipeline.Extensions;
import io.sendport.support.BoundedHttp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/** Creates and tests the alert channels of a configuration. */
public final class AlertChannels {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private AlertChannels() {}

    /** Creates the mail channels, then the webhook channels, each in the order of the settings. The caller closes them. */
    static List<Channel> of(AlertSettings settings, Extensions extensions, Clock clock) {
        List<Channel> channels = new ArrayList<>();
        settings.mails().forEach(each -> channels.add(new MailChannel(each, extensions, clock)));
        settings.webhooks().forEach(each -> channels.add(new WebhookChannel(each, clock)));
        return channels;
    }

    /**
     * Sends a test alert through every channel, one after the other, and calls the heartbeat once. Does not access a message box.
     *
     * @param to receives each reply as soon as it is known
     * @return whether every channel, and the heartbeat, accepted the test
     * @throws InterruptedException when the calling thread is interrupted
     */
    public static boolean test(
            Configuration configuration,
            AlertSettings settings,
            Extensions extensions,
            Clock clock,
            Consumer<ChannelReply> to)
            throws InterruptedException {
        AlertSender sender = AlertSender.of(configuration, () -> "");
        boolean allAccepted = true;
        for (Channel each : of(settings, extensions, clock)) {
            try (each) {
                Alert alert = new Alert(
                        UUID.randomUUID().toString(), Alert.Type.TEST, Instant.ofEpochMilli(clock.millis()), List.of());
                ChannelReply reply = each.send(alert, sender, () -> true);
                allAccepted &= reply.accepted();
                to.accept(reply);
            }
        }
        if (settings.heartbeat().isPresent()) {
            ChannelReply reply = HeartbeatSender.call(settings.heartbeat().get(), new BoundedHttp(TIMEOUT));
            allAccepted &= reply.accepted();
            to.accept(reply);
        }
        return allAccepted;
    }
}
