package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sendport.testing.Patience;
import java.nio.file.Path;
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

    JsonNode await(String what, Predicate<Map<String, String>> wanted) throws Exception {
        JsonNode[] last = {JSON.createObjectNode()};
        assertThat(Patience.happens(Patience.LIMIT, () -> {
                    last[0] = status();
                    return wanted.test(severities(last[0]));
                }))
                .as(what + ": " + last[0].toPrettyString())
                .isTrue();
        return last[0];
    }
}
