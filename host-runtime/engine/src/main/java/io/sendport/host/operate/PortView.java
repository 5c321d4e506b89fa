package io.sendport.host.operate;

import io.sendport.config.port.PortState;
import io.sendport.host.box.control.Pause;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A send port and what stands at it.
 *
 * @param name its name
 * @param host the host that runs it
 * @param application groups ports for people
 * @param state what it is set to
 * @param waiting messages before their first attempt
 * @param sending those that a host has in hand
 * @param retrying those before another attempt
 * @param scheduled those that wait for the service window
 * @param inDoubt those of which nobody knows whether the relay has them
 * @param suspended those that need a person
 * @param oldestSeconds the age of the oldest message that has not ended
 * @param waitsFor what it needs before it sends what is due; empty when it sends
 * @param pause the same with time and reason, where the port itself waits
 * @param lastError what last went wrong with a message that has not ended
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
