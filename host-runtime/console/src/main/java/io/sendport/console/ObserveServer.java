package io.sendport.console;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.sendport.console.http.HostNames;
import io.sendport.host.condition.Condition;
import io.sendport.host.condition.Subject;
import io.sendport.host.condition.Verdict;
import io.sendport.host.condition.alert.AlertNote;
import io.sendport.host.ledger.CanonicalJson;
import io.sendport.host.observe.Health;
import io.sendport.support.text.Text;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@code /observe/metrics}, {@code /observe/health}, {@code /observe/health/live} and {@code /observe/health/ready}. It is
 * read-only.
 */
public final class ObserveServer implements AutoCloseable {

    /** The port on which it listens by default. */
    public static final int STANDARD_PORT = 9876;

    private static final int BACKLOG = 100;
    /** The number of threads. An incomplete request holds one of them until the timeout that the start script sets. */
    private static final int THREADS = 80;

    private static final Duration ANSWER = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(ObserveServer.class);

    private final HttpServer server;
    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                Thread thread = new Thread(task, "sendport-observe");
                thread.setDaemon(true);
                return thread;
            });

    private final HostNames hostNames;

    /**
     * Starts the server.
     *
     * @param address the address to listen on
     * @param port the configured port; empty for the standard port, or for a free port when the standard port is in use
     * @param names the accepted host names, in addition to IP addresses, {@code localhost} and the name of this machine
     * @throws BindException when the configured port is in use
     */
    public ObserveServer(
            String address,
            Optional<Integer> port,
            Set<String> names,
            PrometheusMeterRegistry metrics,
            Supplier<Health> health)
            throws IOException {
        threads.allowCoreThreadTimeOut(true);
        hostNames = new HostNames(names);
        server = bind(InetAddress.getByName(address), port);
        server.setExecutor(threads);
        serve("/observe/metrics", exchange -> {
            String type = MetricsFormat.preferred(accepted(exchange)).contentType();
            exchange.getResponseHeaders().set("Vary", "Accept");
            answer(exchange, "/observe/metrics", 200, type, metrics.scrape(type));
        });
        serve("/observe/health", exchange -> {
            String path = exchange.getRequestURI().getPath();
            Health now = health.get();
            boolean isLive = path.equals("/observe/health/live");
            boolean isWhole = path.equals("/observe/health");
            Map<String, String> checks = isLive ? now.live() : now.ready();
            Map<String, Object> body = checks(checks);
            if (isWhole) {
                body.put("verdict", Verdict.of(now.conditions()).word());
                body.put(
                        "conditions",
                        now.conditions().stream().map(ObserveServer::condition).toList());
            }
            boolean known = isWhole || isLive || path.equals("/observe/health/ready");
            answer(
                    exchange,
                    known ? path : "",
                    Health.isUp(checks) ? 200 : 503,
                    "application/json",
                    Text.visible(CanonicalJson.of(body)) + "\n");
        });
        server.start();
    }

    private static String accepted(HttpExchange exchange) {
        return String.join(",", exchange.getRequestHeaders().getOrDefault("Accept", List.of()));
    }

    /** Logs everything that a handler throws, and closes the exchange. */
    private void serve(String path, HttpHandler handler) {
        server.createContext(path, exchange -> {
            try {
                if (hostNames.include(exchange.getRequestHeaders().getFirst("Host"))) {
                    handler.handle(exchange);
                } else {
                    answer(exchange, exchange.getRequestURI().getPath(), HostNames.MISDIRECTED, "text/plain", "");
                }
            } catch (RuntimeException | Error e) {
                LOG.error(
                        "Cannot answer a request for {}.",
                        exchange.getRequestURI().getPath(),
                        e);
                exchange.close();
            }
        });
    }

    /** Whether the server answers a request that arrives over the network. */
    public boolean answers() {
        InetSocketAddress bound = server.getAddress();
        InetAddress address =
                bound.getAddress().isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : bound.getAddress();
        try (Socket socket = new Socket()) {
            socket.setSoTimeout((int) ANSWER.toMillis());
            socket.connect(new InetSocketAddress(address, bound.getPort()), (int) ANSWER.toMillis());
            socket.getOutputStream()
                    .write("GET /observe/ HTTP/1.0\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() >= 0;
        } catch (IOException e) {
            LOG.debug("the HTTP server does not answer", e);
            return false;
        }
    }

    private static HttpServer bind(InetAddress address, Optional<Integer> port) throws IOException {
        try {
            return HttpServer.create(new InetSocketAddress(address, port.orElse(STANDARD_PORT)), BACKLOG);
        } catch (BindException e) {
            if (port.isPresent()) {
                throw e;
            }
            HttpServer free = HttpServer.create(new InetSocketAddress(address, 0), BACKLOG);
            LOG.warn(
                    "TCP port {} is in use, so metrics and health are at TCP port {} until the next start. A scraper of {} reads another"
                            + " program. To fix the TCP port, set <observe port=\"...\">",
                    STANDARD_PORT,
                    free.getAddress().getPort(),
                    STANDARD_PORT);
            return free;
        }
    }

    /** The {@code address:port} on which it listens. */
    public String address() {
        InetSocketAddress bound = server.getAddress();
        return bound.getAddress().getHostAddress() + ":" + bound.getPort();
    }

    private static Map<String, Object> checks(Map<String, String> checks) {
        List<Object> list = new ArrayList<>();
        checks.forEach((name, fault) -> list.add(
                fault.isEmpty()
                        ? Map.of("name", name, "status", "UP")
                        : Map.of("name", name, "status", "DOWN", "message", fault)));
        Map<String, Object> body = new TreeMap<>();
        body.put("status", Health.isUp(checks) ? "UP" : "DOWN");
        body.put("checks", list);
        return body;
    }

    /** Without mail addresses, because everybody who reaches the server can read it. */
    private static Map<String, Object> condition(Condition condition) {
        AlertNote note = AlertNote.of(condition);
        return Map.of(
                "kind", condition.kind().word(),
                "subject", new Subject(condition.subject().type(), note.subject()).toString(),
                "severity", condition.severity().word(),
                "since", condition.since().toString(),
                "sentence", note.text(),
                "nextStep", note.nextStep());
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
