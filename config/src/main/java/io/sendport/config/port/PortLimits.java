package io.sendport.config.port;

import io.sendport.api.settings.ByteSize;
import io.sendport.api.settings.Settings;
import java.util.Optional;

/**
 * {@code <limits>} of a port, above which submissions are refused.
 *
 * @param maxMessageSize total bytes of the parts of a message
 * @param maxWaiting number of messages that have not ended
 * @param maxBytes total bytes of those messages
 */
public record PortLimits(long maxMessageSize, long maxWaiting, long maxBytes) {

    /** 100 MB for a message, and otherwise only the limits of the message box. */
    public static final PortLimits DEFAULT = new PortLimits(ByteSize.parse("100MB"), Long.MAX_VALUE, Long.MAX_VALUE);

    public static PortLimits of(Settings port) {
        Optional<Settings> given = port.child("limits");
        return given.map(limits -> new PortLimits(
                        limits.bytes("maxMessageSize", DEFAULT.maxMessageSize()),
                        limits.has("maxWaiting") ? limits.number("maxWaiting", 0) : Long.MAX_VALUE,
                        limits.bytes("maxBytes", Long.MAX_VALUE)))
                .orElse(DEFAULT);
    }

    /** Whether waiting messages must be counted. */
    public boolean countWaiting() {
        return maxWaiting < Long.MAX_VALUE || maxBytes < Long.MAX_VALUE;
    }
}
