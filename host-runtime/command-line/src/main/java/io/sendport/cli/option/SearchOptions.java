package io.sendport.cli.option;

import io.sendport.host.operate.Times;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that select messages as well as records. */
public final class SearchOptions {

    @Option(names = "--application", paramLabel = "A", description = "The application of the port.")
    private @Nullable String application;

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

    Optional<String> application() {
        return Optional.ofNullable(application);
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
        return Optional.ofNullable(since).map(SearchOptions::time);
    }

    Optional<Instant> until() {
        return Optional.ofNullable(until).map(SearchOptions::time);
    }

    private static Instant time(String text) {
        return Times.parse(text, Instant.now(), ZoneId.systemDefault());
    }
}
