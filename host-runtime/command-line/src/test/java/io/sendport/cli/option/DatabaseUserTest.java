package io.sendport.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.config.MessageBoxSettings;
import io.sendport.host.TestBox;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DatabaseUserTest {

    @TempDir
    private Path folder;

    private static DatabaseUser user(String... arguments) {
        DatabaseUser user = new DatabaseUser();
        CommandLine line = new CommandLine(new Command());
        line.addMixin("user", user);
        line.parseArgs(arguments);
        return user;
    }

    @CommandLine.Command
    private static final class Command {}

    @Test
    void replacesUserAndPasswordTogether() throws Exception {
        Path file = Files.writeString(folder.resolve("owner.txt"), "secret\n");

        MessageBoxSettings configured = TestBox.settings(folder);
        MessageBoxSettings settings =
                user("--user", "owner", "--password-file", file.toString()).of(configured);

        assertThat(settings.user()).contains("owner");
        assertThat(settings.password().orElseThrow().reveal()).isEqualTo("secret");
        assertThat(user().of(configured)).isSameAs(configured);
    }

    @Test
    void refusesAPasswordWithoutItsUser() {
        assertThatThrownBy(() -> user("--password-file", "owner.txt").of(TestBox.settings(folder)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--user");
    }
}
