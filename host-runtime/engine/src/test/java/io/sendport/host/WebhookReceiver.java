package io.sendport.host;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that takes webhooks, and answers as a test says. */
public final class WebhookReceiver implements AutoCloseable {

    private final HttpServer server;
    public final List<Call> calls = new CopyOnWriteArrayList<>();
    public final AtomicInteger status = new AtomicInteger(200);

    /** A request that was answered with 200. */
    public record Call(String path, String signature, String id, String body) {}

    public WebhookReceiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        int now = status.get();
        if (now == 200) {
            calls.add(new Call(
                    exchange.getRequestURI().getPath(),
                    exchange.getRequestHeaders().getFirst("Sendport-Signature"),
                    exchange.getRequestHeaders().getFirst("Sendport-Alert-Id"),
                    body));
        }
        if (now / 100 == 3) {
            exchange.getResponseHeaders().add("Location", url("/elsewhere"));
        }
        exchange.sendResponseHeaders(now, -1);
        exchange.close();
    }

    public List<Call> at(String path) {
        return calls.stream().filter(each -> each.path().equals(path)).toList();
    }

    public String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
