package io.sendport.samples.mailapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.sendport.testing.ServerKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** An HTTPS server that answers like SendGrid's v3 API, or with the statuses that a test sets. */
final class MailApi implements AutoCloseable {

    static final String KEY = "SG.secret-key";

    final List<JsonNode> requests = new CopyOnWriteArrayList<>();
    /** The statuses of the next answers; 0 breaks the connection off. */
    final ConcurrentLinkedQueue<Integer> answers = new ConcurrentLinkedQueue<>();

    final Path certificate;
    private final HttpsServer server;

    MailApi(Path folder) throws Exception {
        ServerKey key = ServerKey.make(folder, "dns:localhost");
        certificate = key.certificate();
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(key.context()));
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/v3/mail/send", this::answer);
        server.start();
    }

    URI uri() {
        return URI.create("https://localhost:" + server.getAddress().getPort());
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode request = new ObjectMapper().readTree(exchange.getRequestBody());
            Integer next = answers.poll();
            boolean isKnown =
                    ("Bearer " + KEY).equals(exchange.getRequestHeaders().getFirst("Authorization"));
            int status = !isKnown ? 401 : next == null ? 202 : next;
            if (status == 0) {
                return;
            }
            byte[] text = (status == 202 ? "" : "{\"errors\":[{\"message\":\"status " + status + "\"}]}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("X-Message-Id", "api-" + requests.size());
            if (status == 429) {
                exchange.getResponseHeaders().add("Retry-After", "7");
            }
            if (status == 202) {
                requests.add(request);
            }
            exchange.sendResponseHeaders(status, text.length == 0 ? -1 : text.length);
            exchange.getResponseBody().write(text);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
