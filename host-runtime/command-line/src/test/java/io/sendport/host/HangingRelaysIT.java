package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.Part;
import io.sendport.api.submit.Submission;
import io.sendport.config.Routing;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.host.box.MessageBox;
import io.sendport.host.camel.CamelPlaceholders;
import io.sendport.host.run.submit.SubmissionService;
import io.sendport.host.store.commit.Access;
import io.sendport.testing.InTurn;
import io.sendport.testing.Skipped;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two hundred ports of which nearly all have a relay that says nothing: the others send, in a small process with few threads. */
@Timeout(600)
@InTurn
class HangingRelaysIT {

    private static final int PORTS = 200;
    /** Every so many ports one is healthy. */
    private static final int HEALTHY = 40;

    private static final int AT_A_HANGING_PORT = 20;
    private static final int AT_A_HEALTHY_PORT = 100;
    private static final int MAX_THREADS = 500;
    private static final Path OWN_STATUS = Path.of("/proc/self/status");

    @TempDir
    private Path folder;

    /** A relay for each port, since connections to one address are capped. The system completes them, and nobody accepts them. */
    private final List<ServerSocket> silent = new ArrayList<>();

    private final Set<String> expected = new ConcurrentSkipListSet<>();
    private Process sink;
    private Process process;
    private Path received;

    @BeforeEach
    void start() throws Exception {
        received = Files.createFile(folder.resolve("received.txt"));
        sink = Sink.start(received);
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(sink.getInputStream(), StandardCharsets.UTF_8))) {
            configure(said.readLine().substring("port ".length()));
        }
    }

    private int silentRelay() throws IOException {
        ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        silent.add(socket);
        return socket.getLocalPort();
    }

    /** How many relays that hang somebody has connected to. */
    private int tried() throws IOException {
        int tried = 0;
        for (ServerSocket each : silent) {
            each.setSoTimeout(10);
            try (Socket connection = each.accept()) {
                tried += connection.isConnected() ? 1 : 0;
            } catch (SocketTimeoutException e) {
                // Nobody has.
            }
        }
        return tried;
    }

    @AfterEach
    void stop() throws Exception {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
        sink.destroyForcibly().waitFor();
        for (ServerSocket each : silent) {
            each.close();
        }
    }

    private static String name(int port) {
        return "P%03d".formatted(port);
    }

    private static boolean isHealthy(int port) {
        return port % HEALTHY == HEALTHY - 1;
    }

    private void configure(String healthy) throws IOException {
        StringBuilder content = new StringBuilder("<sendport xmlns='urn:sendport:config:1'>\n"
                + "<messageBox url='jdbc:sqlite:box.db'/>\n<host name='H'/>\n");
        for (int port = 0; port < PORTS; port++) {
            content.append("<sendPort name='").append(name(port)).append("' host='H'><smtp host='127.0.0.1' port='");
            content.append(isHealthy(port) ? healthy : silentRelay()).append("' tls='none'/>");
            content.append("<mail from='a@corp.example' to='b@customer.example'/></sendPort>\n");
        }
        Files.writeString(folder.resolve("sendport.xml"), content + "</sendport>\n");
    }

    /** By several threads, since those share their commits. */
    private void submitAll() throws Exception {
        Routing routing = new ConfigurationReader(new CamelPlaceholders()).readRouting(folder.resolve("sendport.xml"));
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try (MessageBox box = MessageBox.open(routing.messageBox(), Access.CREATE, Clock.systemUTC())) {
            SubmissionService submissionService = new SubmissionService(routing, box, port -> {});
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < PORTS; i++) {
                int port = i;
                done.add(threads.submit(() -> submit(submissionService, port)));
            }
            for (Future<?> each : done) {
                each.get();
            }
        } finally {
            threads.shutdown();
        }
    }

    private void submit(SubmissionService submissionService, int port) {
        Part body = Part.body("text/plain", Body.of("x", StandardCharsets.US_ASCII));
        for (int i = 0; i < (isHealthy(port) ? AT_A_HEALTHY_PORT : AT_A_HANGING_PORT); i++) {
            String id = submissionService
                    .submit(new Submission(name(port), Context.empty(), List.of(body), Optional.empty(), "test"))
                    .id()
                    .value();
            if (isHealthy(port)) {
                expected.add(id);
            }
        }
    }

    private int threads() throws IOException {
        if (!Files.exists(OWN_STATUS)) {
            return 0;
        }
        for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            if (line.startsWith("Threads:")) {
                return Integer.parseInt(line.substring("Threads:".length()).strip());
            }
        }
        throw new IOException("no number of threads");
    }

    @Test
    void healthyPortsSendWithFewThreadsWhileTheOthersHang() throws Exception {
        submitAll();
        assertThat(expected).hasSize(PORTS / HEALTHY * AT_A_HEALTHY_PORT);
        if (!Files.exists(OWN_STATUS)) {
            Skipped.note("there is no /proc, the threads of the process were not counted");
        }

        process = Installed.run(folder, "-Xmx512m", "sendport.xml");
        int most = 0;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (Files.readAllLines(received).size() < expected.size()
                && System.nanoTime() < deadline
                && most < MAX_THREADS) {
            most = Math.max(most, threads());
            TimeUnit.MILLISECONDS.sleep(20);
        }

        assertThat(most).as("threads of the process").isLessThan(MAX_THREADS);
        List<String> arrived = Files.readAllLines(received);
        assertThat(arrived).doesNotHaveDuplicates();
        assertThat(new HashSet<>(arrived)).isEqualTo(expected);
        assertThat(process.isAlive()).isTrue();
        assertThat(Installed.read(folder.resolve("run.log"))).doesNotContain("OutOfMemoryError");
        assertThat(threads()).as("threads of the process").isLessThan(MAX_THREADS);
        assertThat(tried()).as("relays that hang and were tried too").isGreaterThan(PORTS / 4);
    }
}
