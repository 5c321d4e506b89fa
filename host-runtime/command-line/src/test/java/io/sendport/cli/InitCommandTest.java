package io.sendport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.config.read.ConfigurationReader;
import io.sendport.config.read.Reading;
import io.sendport.host.camel.CamelPlaceholders;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class InitCommandTest {

    @TempDir
    private Path folder;

    private int init(String... more) {
        List<String> arguments = new ArrayList<>(List.of("init", "--no-doctor", "--output", file().toString()));
        arguments.addAll(List.of(more));
        CommandLine line = SendportCommand.line("init");
        line.setOut(new PrintWriter(new StringWriter()));
        line.setErr(new PrintWriter(new StringWriter()));
        return line.execute(arguments.toArray(String[]::new));
    }

    private Path file() {
        return folder.resolve("mail.xml");
    }

    @ParameterizedTest
    @CsvSource({
        "mail.corp.example, port=\"587\" tls=\"required\"",
        "mail.corp.example:465, port=\"465\" tls=\"implicit\"",
        "10.1.2.3:25, port=\"25\" tls=\"opportunistic\"",
        "mail.corp.example:2525, port=\"2525\" tls=\"required\""
    })
    void writesAValidConfiguration(String server, String expected) throws Exception {
        assertThat(init(
                        "--server",
                        server,
                        "--from",
                        "Billing & Co <billing@corp.example>",
                        "--to",
                        "a@customer.example"))
                .isZero();
        Reading reading = new ConfigurationReader(new CamelPlaceholders()).read(file());
        assertThat(reading.hasErrors()).as(reading.problems().toString()).isFalse();
        assertThat(reading.configuration().orElseThrow().ports().get(0).mail().text("from"))
                .contains("Billing & Co <billing@corp.example>");
        assertThat(Files.readString(file())).contains(expected, "schemaLocation", "sendport.xsd");
    }

    @Test
    void writesAPlaceholderInsteadOfThePassword() throws Exception {
        assertThat(init(
                        "--server",
                        "mail.corp.example",
                        "--auth",
                        "basic",
                        "--user",
                        "billing",
                        "--from",
                        "a@corp.example",
                        "--to",
                        "b@customer.example"))
                .as("the variable is not set here")
                .isEqualTo(1);
        assertThat(Files.readString(file())).contains("password=\"{{env:RELAY_PASSWORD}}\"");
    }

    @Test
    void failsWhenAnOptionIsMissingAndNeverOverwritesAFile() throws Exception {
        assertThat(init("--server", "mail.corp.example")).isNotZero();
        assertThat(file()).doesNotExist();
        Files.writeString(file(), "mine");
        assertThat(init("--server", "m", "--from", "a@corp.example", "--to", "b@customer.example"))
                .isNotZero();
        assertThat(Files.readString(file())).isEqualTo("mine");
    }
}
