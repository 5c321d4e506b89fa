package io.sendport.cli.option;

import io.sendport.host.box.MessageFilter;
import io.sendport.host.box.MessageState;
import io.sendport.host.operate.Times;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The FILTER options, which select messages. A message must match all of them. */
public final class FilterOptions {

    @Option(names = "--port", paramLabel = "NAME", description = "Port or group; * matches any text; repeatable.")
    private List<String> ports = List.of();

    @Option(names = "--application", paramLabel = "A", description = "The application of the port.")
    private @Nullable String application;

    @Option(
            names = "--state",
            paramLabel = "S",
            split = ",",
            description =
                    "One or more of waiting, sending, retrying, scheduled, inDoubt, suspended, done, consumed, terminated.")
    private List<String> states = List.of();

    @Option(names = "--recipient", paramLabel = "A", description = "The address of a recipient.")
    private @Nullable String recipient;

    @Option(names = "--property", paramLabel = "N=V", description = "A context property with this value; repeatable.")
    private Map<String, String> properties = Map.of();

    @Option(names = "--error", paramLabel = "TEXT", description = "Text in the last error.")
    private @Nullable String error;

    @Option(names = "--relay", paramLabel = "HOST", description = "The relay that was tried.")
    private @Nullable String relay;

    @Option(
            names = "--since",
            paramLabel = "T",
            description = "At this time or later: 2026-11-21, 2026-11-21T02:30, 15m, today.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "T", description = "Before this time; same formats as --since.")
    private @Nullable String until;

    @Option(names = "--held", description = "Only messages on hold.")
    private boolean held;

    public MessageFilter messages() {
        Set<MessageState> wanted = new LinkedHashSet<>();
        states.forEach(state -> wanted.add(MessageState.of(state)));
        return new MessageFilter(
                new LinkedHashSet<>(ports),
                Optional.ofNullable(application),
                wanted,
                Optional.ofNullable(recipient),
                properties,
                Optional.ofNullable(error),
                Optional.ofNullable(relay),
                since(),
                until(),
                held);
    }

    List<String> ports() {
        return ports;
    }

    Optional<String> application() {
        return Optional.ofNullable(application);
    }

    List<String> states() {
        return states;
    }

    boolean held() {
        return held;
    }

    Optional<String> recipient() {
        return Optional.ofNullable(recipient);
    }

    Map<String, String> properties() {
        return properties;
    }

    Optional<String> error() {
        return Optional.ofNullable(error);
    }

    Optional<String> relay() {
        return Optional.ofNullable(relay);
    }

    Optional<Instant> since() {
        return Optional.ofNullable(since).map(FilterOptions::time);
    }

    Optional<Instant> until() {
        return Optional.ofNullable(until).map(FilterOptions::time);
    }

    private static Instant time(String text) {
        return Times.parse(text, Instant.now(), ZoneId.systemDefault());
    }
}
