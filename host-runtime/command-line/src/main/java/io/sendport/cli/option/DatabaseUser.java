package io.sendport.cli.option;

import io.sendport.api.settings.Secret;
import io.sendport.config.MessageBoxSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** On whose behalf a database is worked on, where that is not who the configuration names. */
public final class DatabaseUser {

    @Option(names = "--user", paramLabel = "NAME", description = "Database user; else the one of <messageBox>.")
    private @Nullable String name;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "Holds the user's password on its first line.")
    private @Nullable Path passwordFile;

    /** The settings with that user. */
    public MessageBoxSettings of(MessageBoxSettings settings) throws IOException {
        String user = name;
        if (user == null) {
            return settings;
        }
        Path file = passwordFile;
        Optional<Secret> password = Optional.empty();
        if (file != null) {
            try (var lines = Files.lines(file)) {
                password = lines.findFirst().map(Secret::new);
            }
        }
        return settings.as(Optional.of(user), password);
    }
}
