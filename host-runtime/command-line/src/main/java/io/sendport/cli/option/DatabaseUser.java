package io.sendport.cli.option;

import io.sendport.api.settings.Secret;
import io.sendport.config.MessageBoxSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The database user of a command, if it is not the user in the configuration. */
public final class DatabaseUser {

    @Option(
            names = "--user",
            paramLabel = "NAME",
            description = "The database user. Default: the user of <messageBox>.")
    private @Nullable String name;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "A file with the password of --user on its first line.")
    private @Nullable Path passwordFile;

    /** Returns {@code settings} with this user, if one was given. */
    public MessageBoxSettings of(MessageBoxSettings settings) throws IOException {
        String user = name;
        Path file = passwordFile;
        if (user == null) {
            if (file != null) {
                throw new UsageException("--password-file needs --user NAME, the user whose password is in the file");
            }
            return settings;
        }
        Optional<Secret> password = Optional.empty();
        if (file != null) {
            try (var lines = Files.lines(file)) {
                password = lines.findFirst().map(Secret::new);
            }
        }
        return settings.as(Optional.of(user), password);
    }
}
