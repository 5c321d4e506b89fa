package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.host.box.MessageFilter;
import io.sendport.testing.Deep;
import io.sendport.testing.Patience;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A program that is written from docs/api.md alone, over a network that cuts connections anywhere: nothing is lost, and nothing is there twice. */
@Timeout(1800)
class ApiRetriesIT {

    private static final int MESSAGES = Deep.times(400, 100_000);
    private static final int CLIENTS = 8;
    /** One of so many buffers that pass ends its connection. */
    private static final int CUT = 12;

    @TempDir
    private Path folder;

    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger cuts = new AtomicInteger();

    @Test
    void storesEachMessageOnceDespiteCutConnections() throws Exception {
        try (ServedApi api = new ServedApi(
                        folder,
                        "<host name='H'><auditRelay embedded='true'/></host><sendPort name='P' host='H' initialState='stopped'>"
                                + "<mail from='a@corp.example' to='b@customer.example' subject='s'/></sendPort>");
                ServerSocket network = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String token = api.token("program", "submitter:P");
            Thread carrier = new Thread(() -> carry(network, api.port()));
            carrier.setDaemon(true);
            carrier.start();
            Map<String, String> ids = submitAll(network.getLocalPort(), token);
            assertThat(cuts).hasPositiveValue();
            System.out.println(MESSAGES + " messages over " + cuts + " cut connections");
            assertThat(ids).hasSize(MESSAGES);
            assertThat(Set.copyOf(ids.values()))
                    .as("each message has its own id")
                    .hasSize(MESSAGES);
            assertThat(api.host.process().box().queries().count(MessageFilter.all(), List.of("port")))
                    .containsExactly(Map.entry(List.of("P"), (long) MESSAGES));
        }
    }

    /** A program does not send a wrong request again, but one that was cut off. */
    @Test
    void answersATruncatedRequestWith408OrNotAtAll() throws Exception {
        try (ServedApi api = new ServedApi(
                folder,
                "<host name='H'><auditRelay embedded='true'/></host><sendPort name='P' host='H' initialState='stopped'>"
                        + "<mail from='a@corp.example' to='b@customer.example' subject='s'/></sendPort>")) {
            String request = "POST /api/v1/messages?port=P HTTP/1.1\r\nHost: 127.0.0.1:" + api.port()
                    + "\r\nAuthorization: Bearer " + api.token("program", "submitter:P")
                    + "\r\nContent-Type: text/plain\r\nContent-Length: 10\r\n\r\n0123456789";
            for (int length = 1; length < request.length(); length++) {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
                    socket.getOutputStream().write(request.substring(0, length).getBytes(StandardCharsets.US_ASCII));
                    socket.shutdownOutput();
                    String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                    assertThat(answer.isEmpty() || answer.startsWith("HTTP/1.1 408 "))
                            .as(length + " of " + request.length() + " bytes: " + answer)
                            .isTrue();
                }
            }
            assertThat(api.host.process().box().queries().count(MessageFilter.all(), List.of("port")))
                    .isEmpty();
        }
    }

    private Map<String, String> submitAll(int port, String token) throws Exception {
        Map<String, String> ids = new ConcurrentHashMap<>();
        AtomicInteger next = new AtomicInteger();
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        List<Future<?>> done = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            HttpClient client = HttpClient.newHttpClient();
            done.add(clients.submit(() -> {
                for (int n = next.getAndIncrement(); n < MESSAGES; n = next.getAndIncrement()) {
                    ids.put("key-" + n, submit(client, port, token, n));
                }
                return null;
            }));
        }
        for (Future<?> each : done) {
            each.get();
        }
        clients.shutdown();
        return ids;
    }

    /** As the table of docs/api.md says: no answer and "not now" mean the same again, with the same key. */
    private static String submit(HttpClient client, int port, String token, int n) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/messages?port=P"))
                .header("Authorization", "Bearer " + token)
                .header("Idempotency-Key", "key-" + n)
                .header("Content-Type", "text/plain")
                .timeout(Patience.LIMIT)
                .POST(HttpRequest.BodyPublishers.ofString("message " + n))
                .build();
        while (true) {
            try {
                HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() == 200 || answer.statusCode() == 201) {
                    return ServedApi.json(answer)
                            .path("items")
                            .path(0)
                            .path("id")
                            .asText();
                }
                assertThat(answer.statusCode()).as(answer.body()).isIn(408, 429, 500, 502, 503, 504);
                TimeUnit.SECONDS.sleep(1);
            } catch (IOException e) {
                // Nobody knows whether it is there: the same again.
            }
        }
    }

    private void carry(ServerSocket network, int port) {
        Random random = new Random(42);
        try {
            while (true) {
                Socket client = network.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
                sockets.add(client);
                sockets.add(server);
                pass(client, server, new Random(random.nextLong()));
                pass(server, client, new Random(random.nextLong()));
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    private void pass(Socket from, Socket to, Random random) {
        Thread thread = new Thread(() -> {
            try (from;
                    to) {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                byte[] buffer = new byte[4_096];
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    if (random.nextInt(CUT) == 0) {
                        cuts.incrementAndGet();
                        out.write(buffer, 0, random.nextInt(read + 1));
                        return;
                    }
                    out.write(buffer, 0, read);
                }
            } catch (IOException e) {
                // Cut from the other side.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
