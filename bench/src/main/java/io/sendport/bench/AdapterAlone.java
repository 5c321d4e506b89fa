package io.sendport.bench;

import io.sendport.api.adapter.AdapterFactory;
import io.sendport.api.adapter.Connecting;
import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.SendAdapter;
import io.sendport.api.adapter.SendConnection;
import io.sendport.api.host.HostServices;
import io.sendport.api.mail.Handling;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.mail.Transparency;
import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Setting;
import io.sendport.api.settings.Settings;
import io.sendport.host.pipeline.Services;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * Sealed bytes to 250, without a message box: our adapter and camel-mail as it comes, in turns, against the same sink.
 *
 * <p>java -cp 'bench/target/classes:bench/target/lib/*' io.sendport.bench.AdapterAlone COUNT SIZE CONNECTIONS
 */
public final class AdapterAlone {

    private static final int ROUNDS = 5;

    public static void main(String[] arguments) throws Exception {
        int count = Integer.parseInt(arguments[0]);
        int size = Integer.parseInt(arguments[1]);
        int connections = Integer.parseInt(arguments[2]);
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process sink = new ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), "io.sendport.bench.Sink")
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(sink::destroyForcibly));
        int port = Integer.parseInt(sink.inputReader().readLine().strip());
        try (CamelContext camel = new DefaultCamelContext();
                AdapterFactory factory = smtp()) {
            camel.start();
            SendAdapter adapter = factory.create(settings(port, connections), services(camel));
            ProducerTemplate template = camel.createProducerTemplate();
            String text = ("x".repeat(70) + "\r\n").repeat(size / 72);
            byte[] mail = ("From: a@corp.example\r\nTo: b@customer.example\r\nSubject: bench\r\n\r\n" + text)
                    .getBytes(StandardCharsets.US_ASCII);
            List<Double> ratios = new ArrayList<>();
            List<Double> toC = new ArrayList<>();
            for (int round = 1; round <= ROUNDS; round++) {
                double ours = rate(count, connections, () -> send(adapter, mail));
                double theirs = rate(
                        count / 4,
                        connections,
                        () -> template.sendBodyAndHeaders(
                                "smtp://127.0.0.1:" + port,
                                text,
                                Map.of("From", "a@corp.example", "To", "b@customer.example", "Subject", "bench")));
                ratios.add(ours / theirs);
                System.out.printf(
                        "round %d: ours %.0f/s, camel-mail %.0f/s, ratio %.1f%n", round, ours, theirs, ours / theirs);
                double c = smtpSource(count, size, connections, port);
                if (c > 0) {
                    toC.add(ours / c);
                    System.out.printf("         smtp-source -d %.0f/s, ratio %.2f%n", c, ours / c);
                }
            }
            ratios.sort(null);
            System.out.printf("median ratio %.1f to camel-mail%n", ratios.get(ROUNDS / 2));
            toC.sort(null);
            if (!toC.isEmpty()) {
                System.out.printf("median ratio %.2f to smtp-source%n", toC.get(toC.size() / 2));
            }
            allocated(adapter, mail);
        } finally {
            sink.destroyForcibly();
        }
    }

    /** Postfix's load generator, on connections that stay open; 0 where it is not installed. */
    private static double smtpSource(int count, int size, int connections, int port) throws Exception {
        long began = System.nanoTime();
        try {
            Process process = new ProcessBuilder(
                            "smtp-source",
                            "-d",
                            "-s",
                            Integer.toString(connections),
                            "-m",
                            Integer.toString(count),
                            "-l",
                            Integer.toString(size),
                            "-f",
                            "a@corp.example",
                            "-t",
                            "b@customer.example",
                            "127.0.0.1:" + port)
                    .inheritIO()
                    .start();
            return process.waitFor() == 0 ? count * 1e9 / (System.nanoTime() - began) : 0;
        } catch (java.io.IOException e) {
            return 0;
        }
    }

    /** Bytes allocated by the sending thread for one mail, on a connection that is open. */
    private static void allocated(SendAdapter adapter, byte[] mail) throws Exception {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        int times = 2_000;
        for (int i = 0; i < times; i++) {
            send(adapter, mail);
        }
        long after = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        System.out.printf("allocated %d bytes a mail of %d%n", (after - before) / times, mail.length);
    }

    private interface Work {
        void run() throws Exception;
    }

    private static double rate(int count, int threads, Work work) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        List<Future<?>> all = new ArrayList<>();
        long began = System.nanoTime();
        for (int t = 0; t < threads; t++) {
            all.add(pool.submit(() -> {
                for (int i = 0; i < count / threads; i++) {
                    work.run();
                }
                return null;
            }));
        }
        for (Future<?> each : all) {
            each.get();
        }
        pool.shutdown();
        return count / threads * threads * 1e9 / (System.nanoTime() - began);
    }

    private static void send(SendAdapter adapter, byte[] mail) throws Exception {
        Delivery delivery = new Delivery(
                new MessageId("6f0c2b1e-0000-4000-8000-000000000001"),
                1,
                Optional.of(MailAddress.parse("a@corp.example")),
                List.of(MailAddress.parse("b@customer.example")),
                Handling.USUAL,
                Body.wrapping(mail),
                Transparency.SEVEN_BIT,
                "00",
                "<x@corp.example>");
        Connecting asked = adapter.connect();
        if (!(asked instanceof Connecting.Connected connected)) {
            throw new IllegalStateException(asked.toString());
        }
        try (SendConnection connection = connected.connection()) {
            if (!connection.send(delivery, () -> true).has(Outcome.ACCEPTED)) {
                throw new IllegalStateException("not accepted");
            }
        }
    }

    private static AdapterFactory smtp() {
        for (AdapterFactory each : ServiceLoader.load(AdapterFactory.class)) {
            if (each.element().equals("smtp")) {
                return each;
            }
        }
        throw new IllegalStateException("no smtp adapter");
    }

    private static Settings settings(int port, int connections) {
        Origin origin = new Origin(Path.of("bench.xml"), 1, 1);
        Map<String, Setting> attributes = new LinkedHashMap<>();
        Map.of(
                        "host",
                        "127.0.0.1",
                        "port",
                        Integer.toString(port),
                        "tls",
                        "none",
                        "maxConnections",
                        Integer.toString(connections),
                        "messagesPerConnection",
                        "1000000")
                .forEach((name, value) -> attributes.put(name, Setting.plain(value, origin)));
        return new Settings("smtp", origin, attributes, List.of(), "");
    }

    private static HostServices services(CamelContext camel) {
        return Services.bare("Bench", Clock.systemUTC(), Optional.empty()).with(CamelContext.class, camel);
    }
}
