package io.sendport.bench;

import com.sun.management.OperatingSystemMXBean;
import io.sendport.api.message.Body;
import io.sendport.api.submit.Submission;
import io.sendport.config.ConsoleSettings;
import io.sendport.config.read.Reading;
import io.sendport.console.Console;
import io.sendport.console.access.Grant;
import io.sendport.console.access.Token;
import io.sendport.console.access.TokenFile;
import io.sendport.console.api.ConfigurationAccess;
import io.sendport.host.Sendport;
import io.sendport.host.operate.Operations;
import io.sendport.host.pipeline.Extensions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** What a submit over HTTP costs the host beside one from the same process: the same messages, each way after a warm-up of its own. */
public final class HttpApi {

    private static final int BYTES = 4_096;
    private static final int CLIENTS = 8;
    private static final OperatingSystemMXBean MACHINE =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private HttpApi() {}

    /** {@code [MESSAGES]}; or, in a process of its own, {@code client URL TOKEN MESSAGES}. */
    public static void main(String... arguments) throws Exception {
        if (arguments.length == 4) {
            client(arguments[1], arguments[2], Integer.parseInt(arguments[3]));
            return;
        }
        int messages = arguments.length == 1 ? Integer.parseInt(arguments[0]) : 20_000;
        Path folder = Files.createTempDirectory("sendport-bench-http-");
        Path file = Files.writeString(folder.resolve("sendport.xml"), """
                <sendport xmlns="urn:sendport:config:1">
                  <messageBox url="jdbc:sqlite:sendport.db"/>
                  <host name="H"><auditRelay embedded="true"/></host>
                  <sendPort name="P" host="H" initialState="stopped">
                    <mail from="a@corp.example" to="b@customer.example" subject="s"/>
                  </sendPort>
                </sendport>
                """);
        try (Sendport sendport = Sendport.configuredBy(file).start();
                Console console = console(folder, () -> {
                    throw new IllegalStateException("nobody asks");
                })) {
            console.serve(sendport.operations());
            String secret = Token.newSecret();
            new TokenFile(folder.resolve("tokens"))
                    .add(new Token(
                            "bench", Token.hash(secret), Grant.parse("submitter"), Instant.now(), Optional.empty()));
            inProcess(sendport.operations(), messages);
            overHttp(console.url(), secret, messages);
            double here = cpuEach(messages, () -> inProcess(sendport.operations(), messages));
            double http = cpuEach(messages, () -> overHttp(console.url(), secret, messages));
            System.out.printf(
                    Locale.ROOT,
                    "%d messages of %d bytes, %d at a time: %.0f us of processor time each in the process, %.0f over HTTP, %.0f more%n",
                    messages,
                    BYTES,
                    CLIENTS,
                    here,
                    http,
                    http - here);
        }
    }

    static Console console(Path folder, Supplier<Reading> reading) throws IOException {
        return new Console(
                ConsoleSettings.onLoopback(folder.resolve("tokens")),
                new ConfigurationAccess(reading, Extensions.of(folder.resolve("plugins"))),
                Clock.systemUTC(),
                Duration.ofSeconds(5));
    }

    private interface Work {
        void run() throws Exception;
    }

    private static double cpuEach(int messages, Work work) throws Exception {
        long before = MACHINE.getProcessCpuTime();
        long began = System.nanoTime();
        work.run();
        System.out.printf(Locale.ROOT, "%.0f a second%n", messages * 1e9 / (System.nanoTime() - began));
        return (MACHINE.getProcessCpuTime() - before) / 1e3 / messages;
    }

    private static void inProcess(Operations operations, int messages) throws Exception {
        Submission submission = Submission.to("P")
                .body("text/plain", Body.of(new byte[BYTES]))
                .by("bench")
                .build();
        together(CLIENTS, messages, n -> operations.submissions().publish(submission));
    }

    private static void overHttp(String url, String token, int messages) throws Exception {
        Process client = JavaProcess.start(
                "-Xmx256m", HttpApi.class.getName(), "client", url, token, Integer.toString(messages));
        if (client.waitFor() != 0) {
            throw new IOException("the client ended with " + client.exitValue());
        }
    }

    private static void client(String url, String token, int messages) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/api/v1/messages?port=P"))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[BYTES]))
                .build();
        together(CLIENTS, messages, n -> {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 201) {
                throw new IOException(answer.statusCode() + ": " + answer.body());
            }
        });
    }

    /** Work on one of many things. */
    @FunctionalInterface
    interface Each {
        void run(int number) throws Exception;
    }

    /** Works on {@code count} things, so many at a time; the first failure ends it. */
    static void together(int clients, int count, Each work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            all.add(threads.submit(() -> {
                for (int n = next.getAndIncrement(); n < count; n = next.getAndIncrement()) {
                    work.run(n);
                }
                return null;
            }));
        }
        try {
            for (Future<?> each : all) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
