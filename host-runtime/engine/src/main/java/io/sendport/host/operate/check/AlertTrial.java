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

/** Tries whether alerts reach people. Sends a test by each channel; reads and writes no message box. */
public final class AlertTrial {

    private final Extensions extensions;
    private final Clock clock;

    /** With these plug-ins. */
    public AlertTrial(Extensions extensions, Clock clock) {
        this.extensions = extensions;
        this.clock = clock;
    }

    /**
     * Sends a test by each channel, one after the other, and calls the heartbeat once.
     *
     * @param to receives each answer as soon as it is known
     * @return whether every channel took the test
     * @throws ConfigurationException when the configuration has errors; nothing was sent
     * @throws RefusedException when the configuration has no alerts
     * @throws InterruptedException when the caller is asked to stop
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
