package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.sendport.console.ObserveEndpoint;
import io.sendport.host.condition.Condition;
import io.sendport.host.condition.ConditionKind;
import io.sendport.host.condition.Severity;
import io.sendport.host.observe.Health;
import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Health and metrics over HTTP answer those who may ask, whatever strangers do at the same port. */
@Timeout(600)
class ObserveIT {

    private static final int STRANGERS = 50;
    private static final Duration PROMPTLY = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private final List<Socket> open = new ArrayList<>();
    private RunningHost host;
    private ObserveEndpoint observatory;
    private int port;

    @BeforeEach
    void start() throws Exception {
        host = RunningHost.start(folder, "<messageBox url='jdbc:sqlite:box.db'/><host name='H'/>");
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        observatory = new ObserveEndpoint(Optional.empty(), meters, host.process()::health);
        String address = observatory.address();
        port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    @AfterEach
    void stop() throws Exception {
        for (Socket each : open) {
            each.close();
        }
        observatory.close();
        host.close();
    }

    private Socket say(String text) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        open.add(socket);
        socket.setSoTimeout((int) PROMPTLY.toMillis());
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return socket;
    }

    /** All of the answer, up to the end of the connection. */
    private String get(String path, String hostHeader) throws IOException {
        try (Socket socket = say("GET " + path + " HTTP/1.1\r\n" + hostHeader + "Connection: close\r\n\r\n");
                InputStream in = socket.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String hostHeader(String name) {
        return "Host: " + name + "\r\n";
    }

    private static int status(String answer) {
        return Integer.parseInt(answer.substring("HTTP/1.1 ".length()).substring(0, 3));
    }

    private static String content(String answer) {
        int end = answer.indexOf("\r\n\r\n");
        return end < 0 ? "" : answer.substring(end + 4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /observe/hea",
                "GET /observe/health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Sl",
                "POST /observe/health HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nx",
                ""
            })
    void answersWhileFiftyClientsSendIncompleteRequests(String half) throws Exception {
        for (int i = 0; i < STRANGERS; i++) {
            say(half);
            // Comes within the time limit of the socket, or this throws.
            String answer = get("/observe/health/live", hostHeader("127.0.0.1:" + port));
            assertThat(status(answer)).as("with %s half requests", i + 1).isEqualTo(200);
        }
        assertThat(status(get("/observe/metrics", hostHeader("127.0.0.1:" + port))))
                .isEqualTo(200);
    }

    /** A page of a stranger whose name leads to this machine would otherwise read them in a browser of this machine. */
    @ParameterizedTest
    @ValueSource(strings = {"/observe/health", "/observe/health/live", "/observe/health/ready", "/observe/metrics"})
    void refusesRequestsForAForeignHostName(String path) throws Exception {
        for (String stranger :
                List.of("evil.test", "evil.test:" + port, "127.0.0.1.evil.test:" + port, "localhost@evil.test")) {
            String answer = get(path, hostHeader(stranger));
            assertThat(status(answer)).as(stranger).isBetween(400, 499);
            assertThat(content(answer)).as(stranger).isEmpty();
        }
    }

    @Test
    void answersUnderEveryLocalHostName() throws Exception {
        for (String name : List.of("127.0.0.1", "localhost", "LOCALHOST", "[::1]")) {
            String answer = get("/observe/health/live", hostHeader(name + ":" + port));
            assertThat(status(answer)).as(name).isEqualTo(200);
            assertThat(content(answer)).contains("\"status\":\"UP\"");
        }
    }

    /** A service manager starts a process again that is not live. */
    @Test
    @InTurn
    void isNotLiveWhilePeriodicWorkFails() throws Exception {
        rename("condition", "gone");
        Patience.until(
                "the failing task is named", () -> status(get("/observe/health/live", hostHeader("localhost"))) == 503);
        assertThat(content(get("/observe/health/live", hostHeader("localhost"))))
                .contains("task conditions", "has not succeeded for");
        rename("gone", "condition");
        Patience.until("it is live again", () -> status(get("/observe/health/live", hostHeader("localhost"))) == 200);
    }

    private void rename(String table, String to) {
        host.process().box().store().change(transaction -> transaction
                .handle()
                .execute("ALTER TABLE " + table + " RENAME TO " + to));
    }

    /** Everybody on this machine can read it, and some replies of relays quote recipients. */
    @Test
    void quotesNoMailAddress() throws Exception {
        Condition refused = Condition.of(
                        ConditionKind.RELAY_REFUSES,
                        "mail.corp.example:25",
                        Severity.FAILING,
                        Instant.EPOCH,
                        "550 5.1.1 <anna.smith@customer.example>: unknown")
                .at(List.of("Invoices"));
        try (ObserveEndpoint served = new ObserveEndpoint(
                Optional.empty(),
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                () -> new Health(Map.of(), Map.of(), List.of(refused)))) {
            String address = served.address();
            port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
            assertThat(content(get("/observe/health", hostHeader("127.0.0.1"))))
                    .contains("mail.corp.example:25", "unknown")
                    .doesNotContain("anna.smith");
        }
    }
}
