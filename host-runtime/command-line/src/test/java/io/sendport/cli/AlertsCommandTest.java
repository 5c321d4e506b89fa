package io.sendport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.cli.output.ExitStatus;
import io.sendport.host.WebhookReceiver;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What {@code alerts test} prints, and its exit status. */
class AlertsCommandTest {

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();

    private int test(String alerts, String... more) throws IOException {
        Path file = Files.writeString(
                folder.resolve("sendport.xml"),
                "<sendport xmlns='urn:sendport:config:1'>" + alerts
                        + "<host name='H'><smtp host='127.0.0.1' port='25' tls='none'/></host></sendport>");
        CommandLine line = SendportCommand.line("alerts");
        line.setOut(new PrintWriter(out));
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            out.write(String.valueOf(failure.getMessage()));
            return ExitStatus.USAGE;
        });
        String[] arguments = new String[4 + more.length];
        System.arraycopy(new String[] {"alerts", "test", "-c", file.toString()}, 0, arguments, 0, 4);
        System.arraycopy(more, 0, arguments, 4, more.length);
        return line.execute(arguments);
    }

    @Test
    void reportsForEachChannelWhetherItAcceptedTheTest() throws Exception {
        try (WebhookReceiver receiver = new WebhookReceiver()) {
            String hook = "<alerts><webhook url='" + receiver.url("/secret-path")
                    + "' secret='12345678901234567890'/></alerts>";
            assertThat(test(hook)).isEqualTo(ExitStatus.DONE);
            assertThat(out.toString()).matches("webhook +taken +127.0.0.1:\\d+ answered 200\\R");
            out.getBuffer().setLength(0);
            receiver.status.set(404);
            assertThat(test(hook, "--json")).isEqualTo(ExitStatus.WRONG);
            assertThat(out.toString())
                    .startsWith("{\"channel\":\"webhook\",\"taken\":false,\"reply\":\"127.0.0.1:")
                    .doesNotContain("secret-path");
        }
    }

    @Test
    void refusesAConfigurationWithoutAlerts() throws Exception {
        assertThat(test("")).isEqualTo(ExitStatus.USAGE);
        assertThat(out.toString()).contains("has no <alerts>");
    }
}
