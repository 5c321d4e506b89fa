package io.sendport.bench;

import com.sun.management.OperatingSystemMXBean;
import io.sendport.api.message.Body;
import io.sendport.api.submit.Submission;
import io.sendport.console.Console;
import io.sendport.console.access.Grant;
import io.sendport.console.access.Token;
import io.sendport.console.access.TokenFile;
import io.sendport.host.Sendport;
import io.sendport.host.operate.Operations;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** How long lists and pages take in a large message box while mails are sent, and what it costs the sender when many look. */
public final class HttpLists {

    private static final int BYTES = 4_096;
    private static final int RATE = 1_000;
    private static final int SECONDS = 20;
    private static final int CUSTOMERS = 20_000;
    private static final int POLLERS = 10;
    private static final OperatingSystemMXBean MACHINE =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private HttpLists() {}

    /** {@code [MESSAGES]}; or, in a process of its own, {@code poll URL TOKEN COUNT SECONDS}. */
    public static void main(String... arguments) throws Exception {
        if (arguments.length == 5) {
            poll(arguments[1], arguments[2], Integer.parseInt(arguments[3]), Integer.parseInt(arguments[4]));
            return;
        }
        int messages = arguments.length == 1 ? Integer.parseInt(arguments[0]) : 1_000_000;
        Path folder = Files.createTempDirectory("sendport-bench-lists-");
        try (Sink sink = new Sink()) {
            Path file = Files.writeString(folder.resolve("sendport.xml"), """
                    <sendport xmlns="urn:sendport:config:1">
                      <messageBox url="jdbc:sqlite:sendport.db"/>
                      <host name="H"/>
                      <sendPort name="Waiting" host="H" initialState="stopped">
                        <smtp host="127.0.0.1" port="%1$d" tls="none"/>
                        <mail from="a@corp.example" to="%%Customer%%@customer.example" subject="s"/>
                      </sendPort>
                      <sendPort name="Sending" host="H">
                        <smtp host="127.0.0.1" port="%1$d" tls="none"/>
                        <mail from="a@corp.example" to="%%Customer%%@customer.example" subject="s"/>
                      </sendPort>
                    </sendport>
                    """.formatted(sink.port()));
            try (Sendport sendport = Sendport.configuredBy(file).start();
                    Console console = HttpApi.console(folder, () -> {
                        throw new IllegalStateException("nobody asks");
                    })) {
                console.serve(sendport.operations());
                String secret = Token.newSecret();
                new TokenFile(folder.resolve("tokens"))
                        .add(new Token(
                                "bench",
                                Token.hash(secret),
                                Grant.parse("viewer,reader"),
                                Instant.now(),
                                Optional.empty()));
                fill(sendport.operations(), messages);
                System.out.printf(Locale.ROOT, "%,d messages wait; %d mails a second are sent%n", messages, RATE);
                send(sendport.operations(), 15);
                lists(sendport.operations(), console.url(), secret);
                pollers(sendport.operations(), console.url(), secret);
            }
        }
    }

    private static void fill(Operations operations, int messages) throws Exception {
        HttpApi.together(32, messages, n -> operations.submissions().publish(message("Waiting", n)));
    }

    /** One of as many customers as a company has. */
    private static Submission message(String port, int n) {
        return Submission.to(port)
                .body("text/plain", Body.of(new byte[BYTES]))
                .with("Customer", "c" + n % CUSTOMERS)
                .by("bench")
                .build();
    }

    /** So many seconds at the rate; gives the processor time of this process for a mail, in microseconds. */
    private static double send(Operations operations, int seconds) throws Exception {
        long before = MACHINE.getProcessCpuTime();
        long began = System.nanoTime();
        int count = seconds * RATE;
        HttpApi.together(16, count, n -> {
            long due = began + n * (1_000_000_000L / RATE);
            while (System.nanoTime() < due) {
                TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
            }
            operations.submissions().publish(message("Sending", n));
        });
        return (MACHINE.getProcessCpuTime() - before) / 1e3 / count;
    }

    private static void lists(Operations operations, String url, String token) throws Exception {
        Map<String, String> asked = new LinkedHashMap<>();
        asked.put("newest messages", "/api/v1/messages?masked=true");
        asked.put("by port and state", "/api/v1/messages?port=Waiting&state=waiting&masked=true");
        asked.put("by recipient", "/api/v1/messages?recipient=c77@customer.example");
        asked.put("by property", "/api/v1/messages?property=Customer=c77");
        asked.put("by time", "/api/v1/messages?since=1m&masked=true");
        asked.put("suspended, of which there are none", "/api/v1/messages?state=suspended&masked=true");
        asked.put("status", "/api/v1/status");
        asked.put("ports", "/api/v1/ports");
        asked.put("overview, the page", "/");
        asked.put("messages, the page", "/messages?masked=true");
        AtomicBoolean ends = new AtomicBoolean();
        Thread sender = new Thread(() -> {
            try {
                while (!ends.get()) {
                    send(operations, 5);
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        sender.start();
        HttpClient client = HttpClient.newHttpClient();
        for (Map.Entry<String, String> each : asked.entrySet()) {
            List<Long> micros = new ArrayList<>();
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(6);
            while (System.nanoTime() < until) {
                long began = System.nanoTime();
                get(client, url + each.getValue(), token);
                micros.add((System.nanoTime() - began) / 1_000);
                TimeUnit.MILLISECONDS.sleep(10);
            }
            Collections.sort(micros);
            System.out.printf(
                    Locale.ROOT,
                    "%-36s p50 %6.1f ms  p99 %6.1f ms  (%d times)%n",
                    each.getKey(),
                    micros.get(micros.size() / 2) / 1e3,
                    micros.get(micros.size() * 99 / 100) / 1e3,
                    micros.size());
        }
        ends.set(true);
        sender.join();
    }

    /** Alone, watched, alone, watched: by turns, so that what changes over time changes both. */
    private static void pollers(Operations operations, String url, String token) throws Exception {
        double alone = 0;
        double watched = 0;
        for (int round = 0; round < 2; round++) {
            alone += send(operations, SECONDS);
            Process poller = JavaProcess.start(
                    "-Xmx128m",
                    HttpLists.class.getName(),
                    "poll",
                    url,
                    token,
                    Integer.toString(POLLERS),
                    Integer.toString(SECONDS));
            watched += send(operations, SECONDS);
            if (poller.waitFor() != 0) {
                throw new IOException("the clients ended with " + poller.exitValue());
            }
        }
        System.out.printf(
                Locale.ROOT,
                "processor time a mail: %.0f us alone, %.0f us while %d clients ask for status, ports and messages every 5 s: %+.1f %%%n",
                alone / 2,
                watched / 2,
                POLLERS,
                (watched / alone - 1) * 100);
    }

    private static void poll(String url, String token, int count, int seconds) throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        HttpApi.together(count, count, n -> {
            HttpClient client = HttpClient.newHttpClient();
            while (System.nanoTime() < until) {
                get(client, url + "/api/v1/status", token);
                get(client, url + "/api/v1/ports", token);
                get(client, url + "/api/v1/messages?state=suspended&masked=true", token);
                TimeUnit.SECONDS.sleep(5);
            }
        });
    }

    private static void get(HttpClient client, String address, String token) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(URI.create(address))
                        .header("Authorization", "Bearer " + token)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(answer.statusCode() + ": " + answer.body());
        }
    }
}
