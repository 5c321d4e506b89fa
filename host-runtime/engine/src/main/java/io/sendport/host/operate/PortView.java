package io.sendport.host.operate;

import io.sendport.config.port.PortState;
import io.sendport.host.box.control.Pause;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A send port and its messages.
 *
 * @param name the name of the port
 * @param host the host that runs the port
 * @param application the application to which the port belongs; empty if it belongs to none
 * @param state the state that is configured or was set
 * @param waiting messages before their first attempt
 * @param sending messages that an instance is sending
 * @param retrying messages that wait for another attempt
 * @param scheduled messages that wait for the service window
 * @param inDoubt messages that the relay may have
 * @param suspended messages that need an operator
 * @param oldestSeconds the age of the oldest open message, in seconds; empty when there is none
 * @param waitsFor what the port needs before it sends due messages; empty when it sends them
 * @param pause the pause of the port, with its end and reason; empty when there is none
 * @param lastError the last error of an open message; empty when there is none
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
