package io.sendport.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class JsonLineTest {

    private static String line(Map<String, String> about, String text, Throwable failure) {
        LoggerContext context = new LoggerContext();
        JsonLine encoder = LogConfigurator.json(context);
        LoggingEvent event = new LoggingEvent(
                "test", context.getLogger("io.sendport.host.run.Round"), Level.WARN, text, failure, new Object[0]);
        event.setMDCPropertyMap(about);
        return new String(encoder.encode(event), StandardCharsets.UTF_8);
    }

    @Test
    void writesTheContextOfAnEventInSeparateKeys() throws Exception {
        String line = line(Map.of("port", "P", "message", "id-1", "attempt", "1.1"), "DEFERRED: 451 later", null);
        JsonNode json = new ObjectMapper()
                .enable(com.fasterxml.jackson.core.JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                .readTree(line);
        assertThat(json.path("message").asText()).isEqualTo("DEFERRED: 451 later");
        assertThat(json.path("sendport.message").asText()).isEqualTo("id-1");
        assertThat(json.path("sendport.port").asText()).isEqualTo("P");
        assertThat(json.path("sendport.attempt").asText()).isEqualTo("1.1");
        assertThat(json.path("log.level").asText()).isEqualTo("WARN");
        assertThat(json.path("@timestamp").asText()).endsWith("Z");
    }

    @Test
    void writesExactlyTheDocumentedKeys() throws Exception {
        TreeSet<String> documented = new TreeSet<>();
        boolean inTable = false;
        for (String each : Files.readAllLines(Path.of("../../docs/observability.md"))) {
            inTable = each.equals("| Key | Meaning |") || (inTable && each.startsWith("|"));
            Matcher key = Pattern.compile("\\| `([^`]+)` \\|.*").matcher(each);
            if (inTable && key.matches()) {
                documented.add(key.group(1));
            }
        }
        Map<String, String> about = Map.of("port", "P", "message", "id-1", "attempt", "1.1", "trace.id", "0af7");
        String line = line(about, "text", new IllegalStateException("why"));
        TreeSet<String> written = new TreeSet<>();
        new ObjectMapper().readTree(line).fieldNames().forEachRemaining(written::add);
        assertThat(written).isEqualTo(documented);
    }

    @Test
    void foreignTextCannotForgeASecondLine() throws Exception {
        String line = line(
                Map.of("port", "P"),
                "550 no\r\n{\"log.level\":\"INFO\",\"message\":\"forged\"}\u2028",
                new IllegalStateException("bad\nforged"));
        assertThat(line.lines()).hasSize(1);
        assertThat(new ObjectMapper().readTree(line).path("error.message").asText())
                .isEqualTo("bad\nforged");
    }
}
