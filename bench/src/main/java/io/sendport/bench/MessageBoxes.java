package io.sendport.bench;

import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.Part;
import io.sendport.api.submit.Submission;
import io.sendport.config.Configuration;
import io.sendport.config.port.PortState;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.control.Actor;
import io.sendport.host.camel.CamelPlaceholders;
import io.sendport.host.process.Environment;
import io.sendport.host.process.HostProcess;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * What the message box costs, in turns: SQLite, PostgreSQL, one instance and two, a relay near and one 50 ms away, an empty box and one
 * in which a million wait, large bodies at once, latency at half load.
 *
 * <p>{@code java -Xmx512m -cp 'bench/target/classes:host-runtime/target/sendport/lib/*' io.sendport.bench.MessageBoxes rates|million|large|latency [jdbc:postgresql://HOST:PORT/postgres USER]}
 */
public final class MessageBoxes {

    private static final int SIZE = 4_096;
    /** Of the four bytes that each of a million waiting messages has, and of the message around them. */
    private static final String SHA256 = "c7c0875507bd96d407f116eaf706de057c9f1f0255f07ff8f57d0f8a527d7a50";

    private static final String DIGEST = "73f205303c1e8ce5275a6203b21725e7331fbd3a672deb0a52acfd9d6dc5775f";
    private static int databases;

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("sink")) {
            sink(Integer.parseInt(arguments[1]));
            return;
        }
        Optional<String[]> postgres =
                arguments.length > 2 ? Optional.of(new String[] {arguments[1], arguments[2]}) : Optional.empty();
        try (Relay near = new Relay(0);
                Relay far = new Relay(50)) {
            switch (arguments[0]) {
                case "rates" -> rates(postgres, near, far);
                case "million" -> million(near);
                case "large" -> large(near);
                case "latency" -> latency(near);
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        }
    }

    private static void rates(Optional<String[]> postgres, Relay near, Relay far) throws Exception {
        for (int round = 1; round <= 4; round++) {
            System.out.printf("round %d: SQLite %.0f/s", round, rate(sqlite(), near, 1, 8_000));
            if (postgres.isPresent()) {
                String[] there = postgres.get();
                System.out.printf(
                        "; PostgreSQL %.0f/s, two instances %.0f/s; relay 50 ms away: one %.0f/s, two %.0f/s",
                        rate(database(there), near, 1, 8_000),
                        rate(database(there), near, 2, 8_000),
                        rate(database(there), far, 1, 600),
                        rate(database(there), far, 2, 600));
            }
            System.out.println();
        }
    }

    private static String sqlite() {
        return "url='jdbc:sqlite:box.db'";
    }

    private static String database(String[] there) throws Exception {
        String name = "bench" + ProcessHandle.current().pid() + "x" + databases++;
        try (Connection connection = DriverManager.getConnection(there[0], there[1], "");
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        }
        return "url='" + there[0].replaceAll("/[^/]*$", "/" + name) + "' user='" + there[1] + "'";
    }

    private static HostProcess host(String messageBox, Relay relay, String more) throws Exception {
        Path folder = Files.createTempDirectory("sendport-bench-");
        Path file = folder.resolve("sendport.xml");
        Files.writeString(
                file,
                "<sendport xmlns='urn:sendport:config:1'><messageBox " + messageBox
                        + "/><host name='H'><smtp host='127.0.0.1' port='" + relay.port
                        + "' tls='none' maxConnections='8' messagesPerConnection='100000'/></host><sendPort name='P' host='H'>"
                        + "<mail from='a@corp.example' to='b@customer.example'/>" + more + "</sendPort></sendport>");
        Configuration configuration = new ConfigurationReader(new CamelPlaceholders())
                .read(file)
                .configuration()
                .orElseThrow();
        return new HostProcess(configuration, Set.of(), Environment.of(folder, Clock.systemUTC()));
    }

    private static Part part(int size) {
        byte[] bytes = new byte[size];
        new Random(1).nextBytes(bytes);
        return Part.body("application/octet-stream", Body.wrapping(bytes));
    }

    /** From the first submit to the last result on the ledger. */
    private static double rate(String messageBox, Relay relay, int instances, int count) throws Exception {
        List<HostProcess> hosts = new ArrayList<>();
        try {
            for (int i = 0; i < instances; i++) {
                hosts.add(host(messageBox, relay, ""));
            }
            long began = System.nanoTime();
            submit(hosts, count, part(SIZE));
            awaitDone(hosts.get(0).box(), count);
            return count * 1e9 / (System.nanoTime() - began);
        } finally {
            for (HostProcess host : hosts) {
                host.close();
            }
        }
    }

    private static void submit(List<HostProcess> hosts, int count, Part part) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(8);
        List<Future<?>> submits = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            HostProcess host = hosts.get(t % hosts.size());
            submits.add(pool.submit(() -> {
                for (int i = 0; i < count / 8; i++) {
                    host.submissionService()
                            .submit(new Submission("P", Context.empty(), List.of(part), Optional.empty(), "bench"));
                }
            }));
        }
        for (Future<?> each : submits) {
            each.get();
        }
        pool.shutdown();
    }

    private static void awaitDone(MessageBox box, int count) throws Exception {
        while (box.store().read(handle -> handle.createQuery("SELECT count(*) FROM message WHERE ended_at IS NOT NULL")
                        .mapTo(Integer.class)
                        .one())
                < count) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private static void million(Relay relay) throws Exception {
        for (int round = 1; round <= 3; round++) {
            double few = drained(relay, 20_000);
            double many = drained(relay, 1_000_000);
            System.out.printf(
                    "round %d: 10,000 of 20,000 waiting sent at %.0f/s, of 1,000,000 at %.0f/s: %.2f; heap in use %d MB%n",
                    round, few, many, many / few, heap());
        }
    }

    private static long heap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
    }

    /** Ten thousand of those that wait at a port that is started. */
    private static double drained(Relay relay, int waiting) throws Exception {
        try (HostProcess host = host(sqlite(), relay, "")) {
            MessageBox box = host.box();
            box.ports().set("P", PortState.STOPPED, new Actor("bench", ""));
            TimeUnit.SECONDS.sleep(1);
            for (int done = 0; done < waiting; done += 20_000) {
                int first = done;
                box.store().change(transaction -> {
                    transaction
                            .handle()
                            .execute(
                                    "WITH RECURSIVE n(i) AS (SELECT ? UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
                                            + " INSERT INTO message (id, port, host, application, state, queued, submitted_at, due_at, steps, size, context, digest)"
                                            + " SELECT substr(hex(randomblob(4)), 1, 8) || '-0000-4000-8000-' || printf('%012d', i), 'P', 'H', '', 'WAITING', 1, i, i, 1, 4, '{}', '"
                                            + DIGEST + "' FROM n",
                                    first,
                                    first + 19_999);
                    transaction
                            .handle()
                            .execute(
                                    "INSERT INTO part (message_seq, no, name, content_type, context, size, body, sha256)"
                                            + " SELECT seq, 0, '', 'text/plain', '{}', 4, x'61620d0a', '" + SHA256
                                            + "' FROM message WHERE submitted_at >= ?",
                                    first);
                });
            }
            long began = System.nanoTime();
            box.ports().set("P", PortState.STARTED, new Actor("bench", ""));
            awaitDone(box, 10_000);
            return 10_000e9 / (System.nanoTime() - began);
        }
    }

    private static void large(Relay relay) throws Exception {
        Path file = Files.createTempFile("sendport-large", ".bin");
        try (OutputStream out = Files.newOutputStream(file)) {
            byte[] block = new byte[1 << 20];
            new Random(1).nextBytes(block);
            for (int i = 0; i < 100; i++) {
                out.write(block);
            }
        }
        Body body = new Body() {
            @Override
            public InputStream open() throws IOException {
                return Files.newInputStream(file);
            }

            @Override
            public long size() {
                return 100L << 20;
            }
        };
        try (HostProcess host = host(sqlite(), relay, "<limits maxMessageSize='200MB'/>")) {
            long began = System.nanoTime();
            ExecutorService pool = Executors.newFixedThreadPool(4);
            List<Future<?>> submits = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                submits.add(pool.submit(() -> host.submissionService()
                        .submit(new Submission(
                                "P",
                                Context.empty(),
                                List.of(Part.body("application/octet-stream", body)),
                                Optional.empty(),
                                "bench"))));
            }
            for (Future<?> each : submits) {
                each.get();
            }
            pool.shutdown();
            awaitDone(host.box(), 4);
            System.out.printf(
                    "four bodies of 100 MB at once, heap of at most %d MB: %.1f s%n",
                    Runtime.getRuntime().maxMemory() >> 20, (System.nanoTime() - began) / 1e9);
        }
        Files.delete(file);
    }

    private static void latency(Relay relay) throws Exception {
        Part part = part(SIZE);
        for (int round = 1; round <= 3; round++) {
            double full = rate(sqlite(), relay, 1, 8_000);
            try (HostProcess host = host(sqlite(), relay, "")) {
                int count = (int) full * 10 / 2;
                long gap = (long) (2e9 / full);
                long next = System.nanoTime();
                ExecutorService pool = Executors.newFixedThreadPool(16);
                for (int i = 0; i < count; i++) {
                    next += gap;
                    long wait = next - System.nanoTime();
                    if (wait > 0) {
                        TimeUnit.NANOSECONDS.sleep(wait);
                    }
                    pool.execute(() -> host.submissionService()
                            .submit(new Submission("P", Context.empty(), List.of(part), Optional.empty(), "bench")));
                }
                pool.shutdown();
                awaitDone(host.box(), count);
                List<Long> millis = host.box().store().read(handle -> handle.createQuery(
                                "SELECT ended_at - submitted_at FROM message ORDER BY 1")
                        .mapTo(Long.class)
                        .list());
                System.out.printf(
                        "round %d: full load %.0f/s; at half of it from submit to the recorded 250: p50 %d ms, p99 %d ms, worst %d ms%n",
                        round,
                        full,
                        millis.get(millis.size() / 2),
                        millis.get(millis.size() * 99 / 100),
                        millis.get(millis.size() - 1));
            }
        }
    }

    /** A sink in a process of its own. */
    private static final class Relay implements AutoCloseable {
        private final Process process;
        private final String port;

        Relay(int delayMillis) throws IOException {
            String java =
                    Path.of(System.getProperty("java.home"), "bin", "java").toString();
            process = new ProcessBuilder(
                            java,
                            "-cp",
                            System.getProperty("java.class.path"),
                            "io.sendport.bench.MessageBoxes",
                            "sink",
                            "" + delayMillis)
                    .start();
            port = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    /** An SMTP server that takes everything and keeps nothing, {@code delay} milliseconds away. */
    private static void sink(int delay) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress())) {
            System.out.println(server.getLocalPort());
            while (true) {
                Socket client = server.accept();
                client.setTcpNoDelay(true);
                new Thread(() -> serve(client, delay)).start();
            }
        }
    }

    private static void serve(Socket client, int delay) {
        try (client) {
            InputStream in = new BufferedInputStream(client.getInputStream(), 65_536);
            OutputStream out = new java.io.BufferedOutputStream(client.getOutputStream());
            say(out, "220 sink");
            out.flush();
            byte[] line = new byte[65_536];
            boolean data = false;
            int length = 0;
            for (int b; (b = in.read()) >= 0; ) {
                if (b != '\n') {
                    line[length < line.length ? length++ : length - 1] = (byte) b;
                    continue;
                }
                boolean dot = length == 2 && line[0] == '.';
                int verb = length == 0 ? 0 : line[0] & 0xDF;
                length = 0;
                if (data) {
                    if (dot) {
                        data = false;
                        say(out, "250 2.0.0 Ok: queued as 1");
                    }
                } else if (verb == 'E') {
                    say(out, "250-sink\r\n250-PIPELINING\r\n250 SIZE");
                } else if (verb == 'D') {
                    data = true;
                    say(out, "354 go");
                } else {
                    say(out, "250 Ok");
                }
                if (in.available() == 0 && (!data || verb == 'D')) {
                    if (delay > 0) {
                        Thread.sleep(delay);
                    }
                    out.flush();
                }
            }
        } catch (IOException | InterruptedException e) {
            System.err.println("sink: " + e.getMessage());
        }
    }

    private static void say(OutputStream out, String text) throws IOException {
        out.write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }
}
