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

/** Which ports of an instance are not well, and what each waits for. Safe for use by several threads. */
final class PortHealth {

    private static final Logger LOG = LoggerFactory.getLogger(PortHealth.class);

    private final PortStates states;
    private final Map<String, String> faults = new ConcurrentHashMap<>();
    private final Map<String, Pause> pauses = new ConcurrentHashMap<>();
    private final Map<String, Optional<Pause>> written = new ConcurrentHashMap<>();

    /** Writes what ports wait for into {@code states}. */
    PortHealth(PortStates states) {
        this.states = states;
    }

    /** The port is not up, and should be. */
    void fail(String port, String why) {
        faults.put(port, why);
    }

    /** The port does not run, because its configuration is wrong; the commands can tell it too. */
    void misconfigured(String port, String why) {
        fail(port, why);
        try {
            pause(port, Optional.of(new Pause(Pause.Kind.CONFIGURATION, Optional.empty(), why)));
        } catch (StoreException e) {
            LOG.warn(
                    "it could not be written that port {} does not run; this process tells it: {}",
                    port,
                    e.getMessage());
        }
    }

    /** The port is up. */
    void recover(String port) {
        faults.remove(port);
    }

    /** The port was started; the store holds nothing that it waits for. */
    void started(String port) {
        written.remove(port);
    }

    /** Lets the commands, which run in other processes, know what a port waits for. */
    void pause(String port, Optional<Pause> pause) {
        pause.ifPresentOrElse(each -> pauses.put(port, each), () -> pauses.remove(port));
        if (!pause.equals(written.get(port))) {
            states.pause(port, pause);
            written.put(port, pause);
        }
    }

    /** The port was stopped or taken away. */
    void forget(String port) {
        written.remove(port);
        pauses.remove(port);
        faults.remove(port);
    }

    /** Forgets the faults of all ports but these. */
    void retain(Set<String> ports) {
        faults.keySet().removeIf(port -> !ports.contains(port));
    }

    /** Why ports are not up that should be. */
    Map<String, String> faults() {
        return Map.copyOf(faults);
    }

    /** What started ports wait for. */
    Map<String, Pause> pauses() {
        return Map.copyOf(pauses);
    }
}
