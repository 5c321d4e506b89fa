package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.sendport.api.message.Body;
import io.sendport.console.ObserveEndpoint;
import io.sendport.host.process.Environment;
import io.sendport.host.trace.Tracing;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Metrics in the form that the scraper asks for. */
@Timeout(300)
class OpenMetricsIT {

    private static final String PROMETHEUS =
            "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.2";

    /** A sample of OpenMetrics 1.0 (section "ABNF"), with an exemplar that may follow. */
    private static final Pattern SAMPLE = Pattern.compile(
            "([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{(?:[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\]|\\\\.)*\",?)*})? (\\S+)"
                    + "(?: # \\{([^}]*)} \\S+(?: \\S+)?)?");

    private static final Pattern META = Pattern.compile("# (TYPE|HELP|UNIT) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)");

    @TempDir
    private Path folder;

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final PrometheusMeterRegistry meters = ObserveEndpoint.registry();

    /** Requires that the text is OpenMetrics; returns the exemplars' labels. */
    private static List<String> parsed(String text) {
        assertThat(text).endsWith("# EOF\n");
        Map<String, String> types = new HashMap<>();
        List<String> exemplars = new ArrayList<>();
        for (String line : text.substring(0, text.length() - "# EOF\n".length()).split("\n")) {
            Matcher meta = META.matcher(line);
            if (meta.matches()) {
                if (meta.group(1).equals("TYPE")) {
                    assertThat(types.put(meta.group(2), meta.group(3))).as(line).isNull();
                }
                continue;
            }
            Matcher sample = SAMPLE.matcher(line);
            assertThat(sample.matches()).as(line).isTrue();
            String name = sample.group(1).replaceFirst("_(total|bucket|count|sum|created|info)$", "");
            assertThat(types).as(line).containsKey(types.containsKey(name) ? name : sample.group(1));
            Double.parseDouble(sample.group(3).replace("+Inf", "Infinity").replace("-Inf", "-Infinity"));
            Optional.ofNullable(sample.group(4)).ifPresent(exemplars::add);
        }
        return exemplars;
    }

    private static Set<String> names(String text) {
        Set<String> names = new TreeSet<>();
        text.lines()
                .filter(line -> !line.startsWith("#") && line.startsWith("sendport_"))
                .forEach(line -> names.add(line.split("[{ ]")[0]));
        return names;
    }

    private static HttpResponse<String> scrape(ObserveEndpoint observatory, String... accept) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://" + observatory.address() + "/observe/metrics"));
        for (String each : accept) {
            request.header("Accept", each);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String type(HttpResponse<String> answer) {
        return answer.headers().firstValue("Content-Type").orElse("");
    }

    private void sending(Environment environment, Check check) throws Exception {
        try (ScriptedServer relay = new ScriptedServer();
                RunningHost host = RunningHost.start(folder, """
                        <messageBox url='jdbc:sqlite:box.db'/>
                        <host name='H'><smtp host='127.0.0.1' port='%d' tls='none'/></host>
                        <sendPort name='P' host='H'><mail from='a@corp.example' to='b@customer.example' subject='s'/></sendPort>
                        """.formatted(relay.port()), environment);
                ObserveEndpoint observatory = new ObserveEndpoint(Optional.empty(), meters, host.process()::health)) {
            host.submit("P", Body.of("x", StandardCharsets.US_ASCII));
            Patience.until(
                    "a metric of the attempt",
                    () -> scrape(observatory).body().contains("sendport_attempt_seconds_count"));
            check.of(observatory);
        }
    }

    private interface Check {
        void of(ObserveEndpoint observatory) throws Exception;
    }

    private Environment plain() {
        return Environment.of(folder.resolve("plugins"), Clock.systemUTC()).with(meters);
    }

    @Test
    void carriesTheTraceOfAnAttempt() throws Exception {
        OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                        .build())
                .build();
        sending(plain().with(Tracing.of(sdk)), observatory -> {
            HttpResponse<String> open = scrape(observatory, PROMETHEUS);
            assertThat(type(open)).isEqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8");
            String trace = exporter.getFinishedSpanItems().stream()
                    .filter(each -> each.getName().equals("send P"))
                    .findFirst()
                    .orElseThrow()
                    .getTraceId();
            assertThat(parsed(open.body())).anyMatch(each -> each.contains("trace_id=\"" + trace + "\""));
        });
    }

    @Test
    void answersEachScraperInItsFormat() throws Exception {
        sending(plain(), observatory -> {
            assertThat(parsed(
                            scrape(observatory, "application/openmetrics-text").body()))
                    .as("without a span there is no exemplar")
                    .isEmpty();
            assertThat(names(scrape(observatory, PROMETHEUS).body()))
                    .as("dashboards and rules find the same names")
                    .containsAll(names(scrape(observatory).body()));
            for (String[] accept : new String[][] {
                {},
                {"*/*"},
                {"text/plain"},
                {"application/openmetrics-text;q=0"},
                {"application/openmetrics-text;q=0.3", "text/plain;version=0.0.4;q=0.5"},
                {"nonsense;;;,=,q=x"}
            }) {
                HttpResponse<String> answer = scrape(observatory, accept);
                assertThat(type(answer)).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
                assertThat(answer.body()).doesNotContain("# EOF").contains("\nsendport_attempt_seconds_count{");
            }
        });
    }
}
