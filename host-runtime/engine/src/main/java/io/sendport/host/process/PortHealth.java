package io.sendport.host.process;

import io.sendport.host.box.control.Pause;
import io.sendport.host.box.control.PortStates;
import io.sendport.host.store.commit.StoreException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The faults and pauses of the ports of an instance. Safe for use by several threads. */
final class PortHealth {

    private static final Logger LOG = LoggerFactory.getLogger(PortHealth.class);

    private final PortStates states;
    private final Map<String, String> faults = new ConcurrentHashMap<>();
    private final Map<String, Pause> pauses = new ConcurrentHashMap<>();
    private final Map<String, Optional<Pause>> stored = new ConcurrentHashMap<>();

    /** Writes the pauses of ports into {@code states}. */
    PortHealth(PortStates states) {
        this.states = states;
    }

    /** Records that the port should run but does not. */
    void fail(String port, String why) {
        faults.put(port, why);
    }

    /** Records that the port does not run because its configuration is wrong. Stores this as a pause, so that commands can show it. */
    void misconfigured(String port, String why) {
        fail(port, why);
        try {
            pause(port, Optional.of(new Pause(Pause.Kind.CONFIGURATION, Optional.empty(), why)));
        } catch (StoreException e) {
            LOG.warn(
                    "Port {} does not run because of its configuration: {}. Correct it and reload, or restart `sendport run`"
                            + " after a change of its environment variables. `sendport ports` may not show this, because the message box cannot be"
                            + " written: {}",
                    port,
                    why,
                    e.getMessage());
        }
    }

    /** Records that the port runs. */
    void recover(String port) {
        faults.remove(port);
    }

    /** Records that the port was started. The message box has no pause of the port then. */
    void started(String port) {
        stored.remove(port);
    }

    /** Stores what a port waits for, so that commands in other processes can show it. Writes only changes. */
    void pause(String port, Optional<Pause> pause) {
        pause.ifPresentOrElse(each -> pauses.put(port, each), () -> pauses.remove(port));
        if (!pause.equals(stored.get(port))) {
            states.pause(port, pause);
            stored.put(port, pause);
        }
    }

    /** Forgets a port that was stopped or removed. */
    void forget(String port) {
        stored.remove(port);
        pauses.remove(port);
        faults.remove(port);
    }

    /** Forgets the faults of all ports except {@code ports}. */
    void retain(Set<String> ports) {
        faults.keySet().removeIf(port -> !ports.contains(port));
    }

    /** Why ports that should run do not run, by port name. */
    Map<String, String> faults() {
        return Map.copyOf(faults);
    }

    /** What ports wait for, by port name. */
    Map<String, Pause> pauses() {
        return Map.copyOf(pauses);
    }
}
