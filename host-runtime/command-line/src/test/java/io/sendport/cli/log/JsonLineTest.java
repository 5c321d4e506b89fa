package io.sendport.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonLineTest {

    private static String line(Map<String, String> about, String text, Throwable failure) {
        LoggerContext context = new LoggerContext();
        JsonLine encoder = new JsonLine();
        encoder.setServiceName("sendport");
        encoder.setContext(context);
        encoder.start();
        LoggingEvent event = new LoggingEvent(
                "test", context.getLogger("io.sendport.host.run.Round"), Level.WARN, text, failure, new Object[0]);
        event.setMDCPropertyMap(about);
        return new String(encoder.encode(event), StandardCharsets.UTF_8);
    }

    @Test
    void tellsWhatAnEventIsAboutBesideItsText() throws Exception {
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
    void foreignTextForgesNoSecondLine() throws Exception {
        String line = line(
                Map.of("port", "P"),
                "550 no\r\n{\"log.level\":\"INFO\",\"message\":\"forged\"}\u2028",
                new IllegalStateException("bad\nforged"));
        assertThat(line.lines()).hasSize(1);
        assertThat(new ObjectMapper().readTree(line).path("error.message").asText())
                .isEqualTo("bad\nforged");
    }
}
