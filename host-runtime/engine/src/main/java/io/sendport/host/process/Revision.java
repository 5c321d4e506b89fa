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

    /**
     * What was read, where that can be run.
     *
     * @param extensions plug-ins, and instances of the application
     * @param keepGoing whether ports of which something is wrong stay stopped, and the others run
     * @param tell told each problem, and each port that stays stopped
     * @throws RefusedException when it can't be run
     */
    public static Revision of(Reading reading, Extensions extensions, boolean keepGoing, Consumer<String> tell)
            throws RefusedException {
        List<Problem> problems = new Validation(extensions).of(reading);
        problems.forEach(each -> tell.accept(each.toString()));
        List<Problem> errors = problems.stream().filter(Problem::isError).toList();
        Optional<Map<String, String>> wrong = errors.isEmpty() ? Optional.of(Map.of()) : Optional.empty();
        if (keepGoing && !errors.isEmpty()) {
            wrong = reading.portsConcerned(errors);
        }
        Optional<Configuration> configuration = reading.configuration();
        if (wrong.isEmpty() || configuration.isEmpty()) {
            throw new RefusedException(errors.stream().map(Problem::toString).toList());
        }
        wrong.get().keySet().forEach(port -> tell.accept("sendport: port " + port + " stays stopped"));
        return new Revision(configuration.get(), wrong.get());
    }

    /**
     * This revision as it follows {@code before}. A port that ran before, and that only a broken file prevents from running now, keeps the
     * settings and files that it was made with.
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
