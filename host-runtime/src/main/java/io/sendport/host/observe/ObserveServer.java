package io.sendport.host.observe;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.sendport.host.ledger.CanonicalJson;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Serves {@code /observe/metrics}, {@code /observe/health}, {@code /observe/health/live} and {@code /observe/health/ready}. Reads
 * only; nothing can be changed through it.
 */
public final class ObserveServer implements AutoCloseable {

    /** Where it listens unless configured. */
    public static final int STANDARD_PORT = 9876;

    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    private static final int BACKLOG = 50;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(2, task -> {
        Thread thread = new Thread(task, "sendport-observe");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Starts.
     *
     * @param address to listen on
     * @param port the configured one; empty for the standard one, or a free one when that is taken
     * @throws BindException when the configured port is taken
     */
    public ObserveServer(
            String address, Optional<Integer> port, PrometheusMeterRegistry metrics, Supplier<Health> health)
            throws IOException {
        server = bind(InetAddress.getByName(address), port);
        server.setExecutor(threads);
        server.createContext(
                "/observe/metrics",
                exchange -> answer(exchange, "/observe/metrics", 200, METRICS_TYPE, metrics.scrape()));
        server.createContext("/observe/health", exchange -> {
            String path = exchange.getRequestURI().getPath();
            Health now = health.get();
            Map<String, String> checks =
                    switch (path) {
                        case "/observe/health/live" -> now.live();
                        default -> now.ready();
                    };
            boolean known = path.equals("/observe/health") || path.endsWith("/live") || path.endsWith("/ready");
            answer(exchange, known ? path : "", Health.isUp(checks) ? 200 : 503, "application/json", json(checks));
        });
        server.start();
    }

    private static HttpServer bind(InetAddress address, Optional<Integer> port) throws IOException {
        try {
            return HttpServer.create(new InetSocketAddress(address, port.orElse(STANDARD_PORT)), BACKLOG);
        } catch (BindException e) {
            if (port.isPresent()) {
                throw e;
            }
            return HttpServer.create(new InetSocketAddress(address, 0), BACKLOG);
        }
    }

    /** {@code address:port} it listens on. */
    public String address() {
        InetSocketAddress bound = server.getAddress();
        return bound.getAddress().getHostAddress() + ":" + bound.getPort();
    }

    private static String json(Map<String, String> checks) {
        List<Object> list = new ArrayList<>();
        checks.forEach((name, fault) -> list.add(
                fault.isEmpty()
                        ? Map.of("name", name, "status", "UP")
                        : Map.of("name", name, "status", "DOWN", "message", fault)));
        return CanonicalJson.of(Map.of("status", Health.isUp(checks) ? "UP" : "DOWN", "checks", list)) + "\n";
    }

    private static void answer(HttpExchange exchange, String path, int status, String type, String body)
            throws IOException {
        try (exchange) {
            boolean read = exchange.getRequestMethod().equals("GET");
            boolean found = exchange.getRequestURI().getPath().equals(path);
            int code = !found ? 404 : read ? status : 405;
            byte[] bytes = (code == status ? body : "").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
            if (bytes.length > 0) {
                exchange.getResponseBody().write(bytes);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
