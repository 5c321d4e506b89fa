package io.sendport.config.port;

import io.sendport.api.settings.ByteSize;
import io.sendport.api.settings.Settings;
import java.util.Optional;

/**
 * {@code <limits>} of a port: beyond them a submit is refused.
 *
 * @param maxMessageSize bytes of all parts of a message
 * @param maxWaiting messages that have not ended
 * @param maxBytes of them together
 */
public record PortLimits(long maxMessageSize, long maxWaiting, long maxBytes) {

    /** 100 MB a message, and otherwise what the message box takes. */
    public static final PortLimits DEFAULT = new PortLimits(ByteSize.parse("100MB"), Long.MAX_VALUE, Long.MAX_VALUE);

    public static PortLimits of(Settings port) {
        Optional<Settings> given = port.child("limits");
        return given.map(limits -> new PortLimits(
                        limits.bytes("maxMessageSize", DEFAULT.maxMessageSize()),
                        limits.has("maxWaiting") ? limits.number("maxWaiting", 0) : Long.MAX_VALUE,
                        limits.bytes("maxBytes", Long.MAX_VALUE)))
                .orElse(DEFAULT);
    }

    /** Whether what waits has to be counted at all. */
    public boolean countWaiting() {
        return maxWaiting < Long.MAX_VALUE || maxBytes < Long.MAX_VALUE;
    }
}
