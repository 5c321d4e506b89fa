package io.sendport.config.port;

import java.time.Duration;
import java.util.Optional;

/**
 * {@code <retention>} of a port: how long its data is kept. An empty value means that of the message box.
 *
 * @param bodies how long bodies and sealed mails are kept after a message has ended; zero to delete them at once
 * @param messages how long rows of ended messages are kept
 * @param dedupeFor how long a dedupe key is remembered
 */
public record PortRetention(Optional<Duration> bodies, Optional<Duration> messages, Optional<Duration> dedupeFor) {

    /** All values of the message box. */
    public static final PortRetention NONE = new PortRetention(Optional.empty(), Optional.empty(), Optional.empty());
}
