package io.sendport.host.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sendport.api.settings.Secret;
import io.sendport.testing.Patience;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/alerts.md says of signatures and of pauses. */
class AlertPageTest {

    private static final Path PAGE = Path.of("../../docs/alerts.md");
    private static final byte[] BODY = "{\"text\":\"Gr\u00fc\u00dfe\"}".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path folder;

    /** What the example of the page says of each call, with the arguments as Python writes them. */
    private String python(String... calls) throws Exception {
        String page = Files.readString(PAGE);
        int start = page.indexOf("```python\nimport hashlib") + 9;
        StringBuilder program = new StringBuilder(page.substring(start, page.indexOf("```", start)))
                .append("\nbody = open('body', 'rb').read()\n");
        for (String each : calls) {
            program.append("print(is_genuine(").append(each).append("))\n");
        }
        Files.writeString(folder.resolve("check.py"), program);
        Process process;
        try {
            process = new ProcessBuilder("python3", "check.py")
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("out").toFile())
                    .start();
        } catch (IOException e) {
            assumeTrue(false, "needs python3");
            return "";
        }
        Patience.untilEnd(process);
        return Files.readString(folder.resolve("out"));
    }

    @Test
    void theExampleAcceptsOnlyValidRecentSignatures() throws Exception {
        Files.write(folder.resolve("body"), BODY);
        long now = System.currentTimeMillis() / 1_000;
        String signature = WebhookChannel.signature(new Secret("a long secret"), now, BODY);
        String old = WebhookChannel.signature(new Secret("a long secret"), now - 3_600, BODY);
        assertThat(python(
                        "body, '" + signature + "', 'a long secret'",
                        "body + b' ', '" + signature + "', 'a long secret'",
                        "body, '" + signature + "', 'another secret'",
                        "body, '" + old + "', 'a long secret'"))
                .isEqualToNormalizingNewlines("True\nFalse\nFalse\nFalse\n");
    }

    @Test
    void theRetryPausesMatchThePage() throws Exception {
        assertThat(LongStream.rangeClosed(1, 6).mapToObj(ChannelSender::pause))
                .containsExactly(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(45),
                        Duration.ofSeconds(135),
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(5));
        assertThat(Files.readString(PAGE)).contains("5, 15, 45 and 135 seconds, and then every 5 minutes");
    }
}
