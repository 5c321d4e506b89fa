package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sendport.config.read.ConfigurationException;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.host.camel.CamelPlaceholders;
import io.sendport.host.operate.Json;
import io.sendport.host.operate.Operations;
import io.sendport.testing.Patience;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What {@code sendport status --json} of an installed copy shows for {@code sendport.xml} in a folder. */
final class ShownConditions {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final Installation installation;

    ShownConditions(Path folder) {
        this(folder, new Installation(Installed.SCRIPT, Map.of()));
    }

    ShownConditions(Path folder, Installation installation) {
        this.folder = folder;
        this.installation = installation;
    }

    JsonNode status() throws Exception {
        Installed.Result result = installation.sendport(folder, "status", "--json", "-c", "sendport.xml");
        assertThat(result.out()).as(result.err()).isNotBlank();
        JsonNode status = JSON.readTree(result.out());
        assertThat(result.status())
                .as(result.out())
                .isEqualTo(status.path("verdict").asText().equals("delivering") ? 0 : 1);
        return status;
    }

    /** Severities by kind and port or subject. */
    static Map<String, String> severities(JsonNode status) {
        Map<String, String> severities = new TreeMap<>();
        status.path("conditions").forEach(each -> {
            String kind = each.path("kind").asText();
            JsonNode ports = each.path("messages").path("ports");
            if (ports.isEmpty()) {
                severities.put(kind, each.path("severity").asText());
            }
            ports.forEach(port -> severities.put(
                    kind + " " + port.asText(), each.path("severity").asText()));
            assertThat(each.path("sentence").asText()).isNotBlank();
            assertThat(each.path("nextStep").asText()).isNotBlank();
        });
        return severities;
    }

    /** Waits until the script shows them. A process for each look would keep the machine from what is waited for, so this one looks first. */
    JsonNode await(String what, Predicate<Map<String, String>> wanted) throws Exception {
        JsonNode[] last = {JSON.createObjectNode()};
        assertThat(Patience.happens(Patience.LIMIT, () -> {
                    if (!isLikely(wanted)) {
                        return false;
                    }
                    last[0] = status();
                    return wanted.test(severities(last[0]));
                }))
                .as(what + ": " + last[0].toPrettyString())
                .isTrue();
        return last[0];
    }

    /** As this process sees it; where it can't see it, it may be so. */
    private boolean isLikely(Predicate<Map<String, String>> wanted) throws Exception {
        if (!installation.environment().isEmpty()) {
            // Another clock, say.
            return true;
        }
        try (Operations operations = Operations.reading(
                new ConfigurationReader(new CamelPlaceholders()).readRouting(folder.resolve("sendport.xml")),
                Clock.systemUTC())) {
            return wanted.test(
                    severities(JSON.readTree(Json.write(operations.status().now()))));
        } catch (ConfigurationException e) {
            return true;
        }
    }
}
