package io.sendport.host.operate.check;

import io.sendport.config.AlertSettings;
import io.sendport.config.Configuration;
import io.sendport.config.read.ConfigurationException;
import io.sendport.config.read.Reading;
import io.sendport.host.alert.AlertChannels;
import io.sendport.host.alert.ChannelReply;
import io.sendport.host.operate.RefusedException;
import io.sendport.host.pipeline.Extensions;
import java.time.Clock;
import java.util.function.Consumer;

/** Sends a test by each channel of the alerts, to find out whether alerts reach people. Needs no message box. */
public final class AlertTrial {

    private final Extensions extensions;
    private final Clock clock;

    /** Sends with the plug-ins of {@code extensions}. */
    public AlertTrial(Extensions extensions, Clock clock) {
        this.extensions = extensions;
        this.clock = clock;
    }

    /**
     * Sends a test by each channel, one after the other, and calls the heartbeat once.
     *
     * @param to receives each reply as soon as it is known
     * @return whether all channels accepted the test
     * @throws ConfigurationException when the configuration has errors; nothing was sent
     * @throws RefusedException when the configuration has no alerts
     * @throws InterruptedException when the thread is interrupted
     */
    public boolean run(Reading reading, Consumer<ChannelReply> to) throws InterruptedException {
        if (reading.hasErrors()) {
            throw new ConfigurationException(reading.problems());
        }
        Configuration configuration =
                reading.configuration().orElseThrow(() -> new ConfigurationException(reading.problems()));
        AlertSettings alerts = configuration
                .alerts()
                .orElseThrow(() -> RefusedException.notFound(
                        configuration.file() + " has no <alerts>; docs/alerts.md shows how to write them"));
        return AlertChannels.test(configuration, alerts, extensions, clock, to);
    }
}
