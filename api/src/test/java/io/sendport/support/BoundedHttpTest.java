package io.sendport.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.sendport.testing.Patience;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class BoundedHttpTest {

    private static final int MAX_BYTES = 1_000;

    private final BoundedHttp http = new BoundedHttp(Patience.LIMIT);
    private final AtomicInteger redirected = new AtomicInteger();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        serve("/fits", 200, MAX_BYTES);
        serve("/large", 200, MAX_BYTES + 1);
        serve("/refused", 400, 3);
        server.createContext("/elsewhere", exchange -> {
            redirected.incrementAndGet();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.createContext("/moved", exchange -> {
            exchange.getResponseHeaders().add("Location", address("/elsewhere").toString());
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void serve(String path, int status, int bytes) {
        server.createContext(path, exchange -> {
            exchange.sendResponseHeaders(status, bytes);
            try (var out = exchange.getResponseBody()) {
                out.write(new byte[bytes]);
            }
        });
    }

    private URI address(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(address(path)).build();
    }

    @Test
    void acceptsAResponseAtTheLimitAndRejectsALargerOne() throws IOException {
        assertThat(http.fetch(request("/fits"), MAX_BYTES)).hasSize(MAX_BYTES);
        assertThatThrownBy(() -> http.fetch(request("/large"), MAX_BYTES))
                .isInstanceOf(IOException.class)
                .hasMessage(address("/large") + ": the answer has more than 1000 bytes");
    }

    @Test
    void returnsAnErrorResponseFromSendButNotFromFetch() throws IOException {
        var answer = http.send(request("/refused"), MAX_BYTES);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).hasSize(3);
        assertThatThrownBy(() -> http.fetch(request("/refused"), MAX_BYTES))
                .isInstanceOf(IOException.class)
                .hasMessage(address("/refused") + " answered 400");
    }

    @Test
    void followsNoRedirect() {
        assertThatThrownBy(() -> http.fetch(request("/moved"), MAX_BYTES))
                .isInstanceOf(IOException.class)
                .hasMessage(address("/moved") + " answered 302");
        assertThat(redirected).hasValue(0);
    }
}
