package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sendport.testing.FreePort;
import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import io.sendport.testing.Skipped;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rules and dashboard of the distribution beside what a running instance shows, and its log as JSON. */
@Timeout(300)
@InTurn
class ObservabilityIT {

    private static final Path FOLDER =
            Path.of("../target/sendport/observability").toAbsolutePath();
    private static final Pattern METRIC = Pattern.compile("\\b(sendport|jvm|process)_[a-z_]+\\b");

    @TempDir
    private Path folder;

    /** What the panels of the dashboard and the rules ask Prometheus for. */
    private static List<String> queries() throws Exception {
        List<String> all = new ArrayList<>();
        JsonNode dashboard =
                new ObjectMapper().readTree(FOLDER.resolve("dashboard.json").toFile());
        dashboard.path("panels").forEach(panel -> panel.path("targets")
                .forEach(target -> all.add(target.path("expr").asText())));
        for (String line : Files.readAllLines(FOLDER.resolve("alerts.yml"))) {
            if (line.strip().startsWith("expr: ")) {
                all.add(line.strip().substring("expr: ".length()));
            }
        }
        return all;
    }

    @Test
    void everyQueryUsesMetricsOfARunningInstance() throws Exception {
        int console = FreePort.find();
        try (ScriptedServer relay = new ScriptedServer()) {
            Files.writeString(folder.resolve("sendport.xml"), """
                    <sendport xmlns='urn:sendport:config:1'>
                    <messageBox url='jdbc:sqlite:var/sendport.db'/>
                    <console port='%d'/>
                    <host name='Mail'><mail from='a@corp.example' to='b@customer.example' subject='s'/></host>
                    <sendPort name='P' host='Mail'><smtp host='127.0.0.1' port='%d' tls='none'/></sendPort>
                    <sendPort name='Stopped' host='Mail' initialState='stopped'><smtp host='127.0.0.1' port='25' tls='none'/></sendPort>
                    </sendport>""".formatted(console, relay.port()));
            Files.writeString(folder.resolve("m.txt"), "hello");
            Path log = folder.resolve("run.log");
            Process run = Installed.start(
                    folder, "", folder.resolve("run.out"), log, "run", "--log", "json", "-c", "sendport.xml");
            try {
                Patience.until("the ready line", () -> Installed.read(log).contains("ready after"));
                for (String port : List.of("P", "Stopped")) {
                    assertThat(Installed.sendport(folder, "submit", "--port", port, "-c", "sendport.xml", "m.txt")
                                    .status())
                            .isZero();
                }
                Matcher place = Pattern.compile("(http://\\S+/observe/metrics)").matcher(Installed.read(log));
                assertThat(place.find()).isTrue();
                HttpRequest request =
                        HttpRequest.newBuilder(URI.create(place.group(1))).build();
                HttpClient client = HttpClient.newHttpClient();
                client.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + console + "/api/v1/status"))
                                .build(),
                        BodyHandlers.ofString());
                String[] scrape = {""};
                Patience.until("a mail and a condition", () -> {
                    scrape[0] = client.send(request, BodyHandlers.ofString()).body();
                    return scrape[0].contains("sendport_delivery_seconds_count")
                            && scrape[0].contains("sendport_http_seconds_count")
                            && scrape[0].contains("sendport_port_state{")
                            && scrape[0].contains("portStopped");
                });
                List<String> queries = queries();
                assertThat(queries).hasSizeGreaterThan(12);
                TreeSet<String> missing = new TreeSet<>();
                for (String query : queries) {
                    METRIC.matcher(query)
                            .results()
                            .map(java.util.regex.MatchResult::group)
                            .forEach(name -> {
                                if (!scrape[0].contains("\n" + name + "{") && !scrape[0].contains("\n" + name + " ")) {
                                    missing.add(name + " of " + query);
                                }
                            });
                }
                assertThat(missing).as("asked for and not shown").isEmpty();
                requireTheReference(scrape[0]);
                requireJson(log);
            } finally {
                run.destroyForcibly();
            }
        }
    }

    /** docs/metrics.md has each metric with type, labels and help as they are shown. */
    private static void requireTheReference(String scrape) throws Exception {
        Map<String, String> types = new HashMap<>();
        Map<String, String> helps = new HashMap<>();
        Map<String, Set<String>> labels = new TreeMap<>();
        for (String line : scrape.lines().toList()) {
            Matcher told = Pattern.compile("# (HELP|TYPE) (sendport_\\w+) (.*)").matcher(line);
            if (told.matches()) {
                (told.group(1).equals("HELP") ? helps : types)
                        .put(told.group(2), told.group(3).strip());
                labels.computeIfAbsent(told.group(2), name -> new TreeSet<>());
            }
            Matcher sample = Pattern.compile("(sendport_\\w+)\\{(.*)} .*").matcher(line);
            if (sample.matches()) {
                String family = labels.containsKey(sample.group(1))
                        ? sample.group(1)
                        : sample.group(1).replaceFirst("_(count|sum|bucket)$", "");
                Matcher label = Pattern.compile("(\\w+)=\"").matcher(sample.group(2));
                while (label.find()) {
                    if (!label.group(1).equals("le")) {
                        labels.computeIfAbsent(family, name -> new TreeSet<>()).add(label.group(1));
                    }
                }
            }
        }
        labels.keySet().removeIf(name -> name.endsWith("_max"));
        List<String> page = Files.readAllLines(Path.of("../../docs/metrics.md"));
        assertThat(labels).hasSizeGreaterThan(12).allSatisfy((name, names) -> {
            String start = "| `" + name + "` | " + types.get(name) + " | "
                    + (names.isEmpty() ? "" : String.join(", ", names) + " ") + "| " + helps.getOrDefault(name, "");
            assertThat(page).as(start).anyMatch(line -> line.startsWith(start));
        });
        assertThat(page.stream().filter(line -> line.startsWith("| `")).map(line -> line.split("`")[1]))
                .as("the page has nothing else but what takes S/MIME or TLS")
                .allMatch(name -> labels.containsKey(name) || name.endsWith("certificate_expiry_seconds"));
    }

    /** Standard error is JSON, from the first line to the last. */
    private static void requireJson(Path log) throws Exception {
        List<String> events = Installed.read(log).lines().toList();
        assertThat(events).isNotEmpty();
        for (String each : events) {
            JsonNode json = new ObjectMapper().readTree(each);
            assertThat(json.path("log.level").asText()).isNotEmpty();
            assertThat(each).doesNotContain("customer.example");
        }
        assertThat(events).anyMatch(each -> each.contains("\"sendport.port\":\"P\""));
    }

    @Test
    void alertRulesAreValidAndPassTheirTests() throws Exception {
        for (List<String> command :
                List.of(List.of("check", "rules", "alerts.yml"), List.of("test", "rules", "alerts-test.yml"))) {
            List<String> whole = new ArrayList<>(List.of("promtool"));
            whole.addAll(command);
            Path said = folder.resolve("said.txt");
            Process promtool;
            try {
                promtool = new ProcessBuilder(whole)
                        .directory(FOLDER.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
            } catch (java.io.IOException e) {
                Skipped.note("promtool is not installed, the rules for Prometheus were not tried");
                Assumptions.abort("no promtool");
                return;
            }
            assertThat(promtool.waitFor()).as(Installed.read(said)).isZero();
        }
    }
}
