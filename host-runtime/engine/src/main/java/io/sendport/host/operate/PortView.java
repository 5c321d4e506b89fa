package io.sendport.host.operate;

import io.sendport.config.port.PortState;
import io.sendport.host.box.control.Pause;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A send port and its messages.
 *
 * @param name its name
 * @param host the host that runs it
 * @param application groups ports for people
 * @param state its configured or set state
 * @param waiting messages before their first attempt
 * @param sending messages that a host has in hand
 * @param retrying messages before another attempt
 * @param scheduled messages that wait for the service window
 * @param inDoubt messages that the relay may or may not have
 * @param suspended messages that need an operator
 * @param oldestSeconds the age of the oldest message that has not ended
 * @param waitsFor what it needs before it sends due messages; empty when it sends
 * @param pause the same with time and reason, if the port itself waits
 * @param lastError the last error of a message that has not ended
 */
public record PortView(
        String name,
        String host,
        Optional<String> application,
        PortState state,
        long waiting,
        long sending,
        long retrying,
        long scheduled,
        long inDoubt,
        long suspended,
        OptionalLong oldestSeconds,
        Optional<PortNeed> waitsFor,
        Optional<Pause> pause,
        Optional<String> lastError) {}
