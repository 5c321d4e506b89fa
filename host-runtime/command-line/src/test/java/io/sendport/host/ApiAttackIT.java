package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.ledger.Kind;
import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What strangers and impostors try at the HTTP API. */
@Timeout(300)
@InTurn
class ApiAttackIT {

    private static final String HOSTS = """
            <host name='H'><auditRelay embedded='true'/></host>
            <sendPort name='P' host='H' initialState='stopped'>
              <mail from='a@corp.example' to='b@customer.example' subject='Invoice'/></sendPort>
            """;
    private static final Duration PROMPTLY = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private ServedApi api;
    private String operator;
    private final List<Socket> open = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        api = new ServedApi(folder, HOSTS);
        operator = api.token("operator", "operator");
    }

    @AfterEach
    void stop() throws Exception {
        for (Socket each : open) {
            each.close();
        }
        api.close();
    }

    /** What comes back for those very bytes, until the server closes the connection. */
    private String answerTo(String bytes) throws IOException {
        Socket socket = connected();
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private Socket connected() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.port());
        socket.setSoTimeout((int) Patience.LIMIT.toMillis());
        open.add(socket);
        return socket;
    }

    private long records(Kind kind) {
        AtomicLong count = new AtomicLong();
        api.host.process().box().ledger().read(AuditFilter.all().ofKinds(List.of(kind)), each -> {
            count.incrementAndGet();
            return true;
        });
        return count.get();
    }

    @Test
    void refusesARequestForAForeignHostName() throws Exception {
        String answer = answerTo("GET /api/v1/status HTTP/1.1\r\nHost: attacker.example\r\nAuthorization: Bearer "
                + operator + "\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 421 ").doesNotContain("verdict");
        assertThat(answer).doesNotContain("Access-Control-Allow-Origin");
    }

    @Test
    void refusesARequestWithAmbiguousFraming() throws Exception {
        String head = "POST /api/v1/messages?port=P HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + operator
                + "\r\n";
        String smuggled =
                "GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + operator + "\r\n\r\n";
        for (String framing : List.of(
                "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "Content-Length: 0\r\nContent-Length: 5\r\n\r\n",
                "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
                "Content-Length: +0\r\n\r\n",
                "Content-Length : 0\r\n\r\n")) {
            String answer = answerTo(head + framing + smuggled);
            assertThat(answer).as(framing).startsWith("HTTP/1.1 ").doesNotContain("verdict");
            assertThat(answer.split("HTTP/1.1 ")).as(framing).hasSize(2);
        }
    }

    @Test
    void refusesDuplicateHostAndAuthorizationFields() throws Exception {
        for (String field : List.of("Authorization: Bearer " + operator, "Host: localhost")) {
            String answer = answerTo("GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                    + operator + "\r\n" + field + "\r\nConnection: close\r\n\r\n");
            assertThat(answer).as(field).startsWith("HTTP/1.1 400 ");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/%2e%2e/v1/status",
                "/api/v1/messages/..%2fstatus",
                "/api/v1/messages/%2e%2e%2fstatus",
                "/api/v1//status",
                "/api/v1/status/",
                "/api/v1/status;x=1",
                "/api/v1/status%00",
                "/api/v1/ports/P%2Fstop",
                "/api/v1/ports/P/..;/P/stop",
                "/API/v1/status",
                "http://attacker.example/api/v1/status",
                "/api/v1/messages/%ff%fe",
                "/api/v1/messages/*",
                "/api/v1/messages/%25",
                "/api/v1/audit/records/0:1%20OR%201=1"
            })
    void refusesAnAmbiguousOrInvalidPath(String path) throws Exception {
        String answer = answerTo("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + operator
                + "\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 4").doesNotContain("verdict").doesNotContain("Exception");
    }

    @Test
    void refusesProxyHeadersWithoutTheProxySecret() throws Exception {
        HttpRequest.Builder forged = api.request("", "/status").header("X-Forwarded-User", "boss");
        assertThat(api.send(forged.header("X-Forwarded-Roles", "admin").GET().build())
                        .statusCode())
                .isEqualTo(401);
        HttpRequest.Builder guessed = api.request("", "/status").header("Sendport-Proxy-Secret", "a guess");
        assertThat(api.send(guessed.header("X-Forwarded-User", "boss")
                                .header("X-Forwarded-Roles", "admin")
                                .GET()
                                .build())
                        .statusCode())
                .isEqualTo(401);
        assertThat(proxied("/whoami", Map.of()).statusCode()).isEqualTo(200);
        assertThat(ServedApi.json(proxied("/whoami", Map.of())).path("name").asText())
                .isEqualTo("anna");
        assertThat(records(Kind.ACCESS))
                .as("the guess, and not who sent no secret")
                .isEqualTo(1);
    }

    private HttpResponse<String> proxied(String path, Map<String, String> more) throws Exception {
        HttpRequest.Builder request = api.request("", path);
        ServedApi.proxied("anna", "operator").forEach(request::header);
        more.forEach(request::header);
        return api.send(
                path.endsWith("start")
                        ? request.POST(HttpRequest.BodyPublishers.noBody()).build()
                        : request.GET().build());
    }

    @Test
    void refusesAProxiedActWithoutTheCsrfHeader() throws Exception {
        assertThat(proxied("/ports/P/start", Map.of()).statusCode()).isEqualTo(403);
        assertThat(proxied("/ports/P/start", Map.of("X-Sendport-Csrf", "1")).statusCode())
                .isEqualTo(200);
    }

    @Test
    void throttlesAClientThatGuessesTokens() throws Exception {
        for (int i = 0; i < 10; i++) {
            assertThat(api.get("spt_guess" + i, "/status").statusCode()).isEqualTo(401);
        }
        HttpResponse<String> answer = api.get("spt_guess", "/status");
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(Integer.parseInt(answer.headers().firstValue("Retry-After").orElseThrow()))
                .isBetween(1, 61);
        assertThat(records(Kind.ACCESS)).isEqualTo(10);
    }

    @Test
    void answersPromptlyWhileOtherClientsStall() throws Exception {
        for (int i = 0; i < 50; i++) {
            connected()
                    .getOutputStream()
                    .write("GET /api/v1/status HTTP/1.1\r\nHost: local".getBytes(StandardCharsets.US_ASCII));
        }
        for (int i = 0; i < 20; i++) {
            connected()
                    .getOutputStream()
                    .write(
                            ("POST /api/v1/ports/P/stop HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\nAuthorization: Bearer "
                                            + operator + "\r\n\r\n{")
                                    .getBytes(StandardCharsets.US_ASCII));
        }
        long began = System.nanoTime();
        assertThat(api.get(operator, "/status").statusCode()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(PROMPTLY);
    }

    @Test
    void refusesOversizedAndDeeplyNestedRequests() throws Exception {
        assertThat(answerTo("GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(20_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431 ");
        assertThat(answerTo("GET /api/v1/" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .startsWith("HTTP/1.1 414 ");
        assertThat(api.post(operator, "/ports/P/start", " ".repeat(65 * 1024)).statusCode())
                .isEqualTo(413);
        String deep = "[".repeat(30_000);
        assertThat(api.post(operator, "/ports/P/start", deep).statusCode()).isEqualTo(400);
    }

    @Test
    void treatsHostileIdsAndReasonsAsPlainText() throws Exception {
        for (String id : List.of("'%20OR%20'1'='1", "%25", "..", "a%0d%0aX:%20y", "%C3%A4")) {
            assertThat(api.get(operator, "/messages/" + id + "/life").statusCode())
                    .as(id)
                    .isIn(400, 404);
        }
        HttpResponse<String> answer =
                api.post(operator, "/ports/P/start", "{\"reason\": \"x\\r\\nX-Injected: 1\\u001b[2J\\u202e\"}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-Injected")).isEmpty();
    }
}
