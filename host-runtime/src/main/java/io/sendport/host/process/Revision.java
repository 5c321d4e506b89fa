package io.sendport.host.process;

import io.sendport.config.Configuration;
import io.sendport.config.SendPort;
import java.util.List;
import java.util.Map;

/**
 * A configuration as it was found, fit to be run.
 *
 * @param configuration the configuration
 * @param wrongPorts ports of it that can't run, and why; they stay stopped
 */
public record Revision(Configuration configuration, Map<String, String> wrongPorts) {

    /** Copies the map. */
    public Revision {
        wrongPorts = Map.copyOf(wrongPorts);
    }

    /** All ports of which can run. */
    public static Revision of(Configuration configuration) {
        return new Revision(configuration, Map.of());
    }

    /** The ports of {@code host} that can run. */
    List<SendPort> portsOf(String host) {
        return configuration.ports().stream()
                .filter(port -> port.host().equals(host) && !wrongPorts.containsKey(port.name()))
                .toList();
    }

    /** The files of a configuration can't be run as they are; nothing of them is in force. */
    public static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        /** Says what is wrong, a line for each problem. */
        public RefusedException(List<String> problems) {
            super(String.join(System.lineSeparator(), problems));
        }
    }

    /** Reads the files again. */
    @FunctionalInterface
    public interface Source {
        /**
         * What stands there now.
         *
         * @throws RefusedException when it can't be run
         */
        Revision read() throws RefusedException;
    }
}
