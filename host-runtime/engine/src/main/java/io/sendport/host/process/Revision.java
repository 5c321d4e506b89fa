package io.sendport.host.process;

import io.sendport.api.settings.Problem;
import io.sendport.config.Configuration;
import io.sendport.config.ConfigurationChange;
import io.sendport.config.port.SendPort;
import io.sendport.config.read.Reading;
import io.sendport.host.pipeline.Extensions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A configuration that can run, as it was read at one time.
 *
 * @param configuration the configuration
 * @param wrongPorts the ports that cannot run, by name, with the reason; they stay stopped
 */
public record Revision(Configuration configuration, Map<String, String> wrongPorts) {

    /** Copies the map. */
    public Revision {
        wrongPorts = Map.copyOf(wrongPorts);
    }

    /** Returns a revision in which all ports can run. */
    public static Revision of(Configuration configuration) {
        return new Revision(configuration, Map.of());
    }

    /**
     * Validates a configuration that was read.
     *
     * @param extensions the plug-ins, and component instances of the embedding application
     * @param keepGoing true if the other ports run when some ports are wrong; false if any error refuses the configuration
     * @param problem receives each problem, and each port that stays stopped
     * @throws RefusedException when the configuration cannot run
     */
    public static Revision of(Reading reading, Extensions extensions, boolean keepGoing, Consumer<String> problem)
            throws RefusedException {
        List<Problem> problems = new Validation(extensions).validate(reading);
        problems.forEach(each -> problem.accept(each.toString()));
        List<Problem> errors = problems.stream().filter(Problem::isError).toList();
        Optional<Map<String, String>> wrong = errors.isEmpty() ? Optional.of(Map.of()) : Optional.empty();
        if (keepGoing && !errors.isEmpty()) {
            wrong = reading.portsConcerned(errors);
        }
        Optional<Configuration> configuration = reading.configuration();
        if (wrong.isEmpty() || configuration.isEmpty()) {
            throw new RefusedException(errors.stream().map(Problem::toString).toList());
        }
        wrong.get().keySet().forEach(port -> problem.accept("sendport: port " + port + " stays stopped"));
        return new Revision(configuration.get(), wrong.get());
    }

    /**
     * Returns this revision as the successor of {@code before}. A port that could run before, and is wrong now only because of a file,
     * keeps its previous settings and files.
     */
    Revision after(Revision before) {
        Map<String, SendPort> kept = new HashMap<>();
        for (SendPort port : configuration.ports()) {
            before.configuration()
                    .port(port.name())
                    .filter(old -> isOnlyBroken(port, old, before))
                    .ifPresent(old -> kept.put(port.name(), old));
        }
        Map<String, String> wrong = new HashMap<>(wrongPorts);
        wrong.keySet().removeAll(kept.keySet());
        List<SendPort> ports = configuration.ports().stream()
                .map(port -> kept.getOrDefault(port.name(), port))
                .toList();
        return new Revision(configuration.withPorts(ports), wrong);
    }

    private boolean isOnlyBroken(SendPort port, SendPort old, Revision before) {
        return wrongPorts.containsKey(port.name())
                && !before.wrongPorts().containsKey(port.name())
                && !old.files().equals(port.files())
                && ConfigurationChange.isLike(old, port.with(old.files()));
    }

    /** The ports of {@code host} that can run. */
    List<SendPort> portsOf(String host) {
        return configuration.ports().stream()
                .filter(port -> port.host().equals(host) && !wrongPorts.containsKey(port.name()))
                .toList();
    }

    /** The files of a configuration have errors, so none of their changes is active. */
    public static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        /** Has a line for each of {@code problems}. */
        public RefusedException(List<String> problems) {
            super(String.join(System.lineSeparator(), problems));
        }
    }

    /** Reads the files of a configuration again. */
    @FunctionalInterface
    public interface Source {
        /**
         * Reads and validates the current files.
         *
         * @throws RefusedException when the configuration cannot run
         */
        Revision read() throws RefusedException;
    }
}
