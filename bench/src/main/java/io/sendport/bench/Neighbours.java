package io.sendport.bench;

import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.Part;
import io.sendport.api.submit.Submission;
import io.sendport.config.Configuration;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.host.camel.CamelPlaceholders;
import io.sendport.host.process.Environment;
import io.sendport.host.process.HostProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a port loses when others of its host send to relays that hang and to one that is slow: its rate alone, and beside them, in turns.
 * {@code java -cp 'bench/target/classes:bench/target/lib/*' io.sendport.bench.Neighbours [N [HANGING]]}: N messages, beside HANGING ports,
 * each with its own hanging relay.
 */
public final class Neighbours {

    private static final int ROUNDS = 5;
    private static final int WAITING_MESSAGES = 500;

    public static void main(String[] arguments) throws Exception {
        int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5_000;
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process sink = new ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), "io.sendport.bench.Sink")
                .start();
        int relays = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1;
        List<Integer> hanging = new ArrayList<>();
        for (int i = 0; i < relays; i++) {
            hanging.add(server(0).getLocalPort());
        }
        try (ServerSocket slow = server(100)) {
            String healthy = new BufferedReader(new InputStreamReader(sink.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
            List<Double> ratios = new ArrayList<>();
            for (int round = 0; round <= ROUNDS; round++) {
                double alone = rate(count, healthy, hanging, slow.getLocalPort(), false);
                double beside = rate(count, healthy, hanging, slow.getLocalPort(), true);
                if (round > 0) {
                    ratios.add(beside / alone);
                    System.out.printf(
                            "round %d: alone %.0f/s, beside the others %.0f/s, ratio %.2f%n",
                            round, alone, beside, beside / alone);
                }
            }
            ratios.sort(null);
            System.out.printf("median ratio %.2f%n", ratios.get(ROUNDS / 2));
            System.exit(0);
        } finally {
            sink.destroyForcibly();
        }
    }

    private static String port(String name, String port) {
        return "<sendPort name='" + name + "' host='H'><smtp host='127.0.0.1' port='" + port
                + "' tls='none' readTimeout='PT5M'/><mail from='a@corp.example' to='b@customer.example'/></sendPort>";
    }

    private static double rate(int count, String healthy, List<Integer> hanging, int slow, boolean beside)
            throws Exception {
        Path folder = Files.createTempDirectory("sendport-bench-");
        Path file = folder.resolve("sendport.xml");
        StringBuilder ports = new StringBuilder();
        hanging.forEach(each -> ports.append(port("Hanging" + each, Integer.toString(each))));
        Files.writeString(
                file,
                "<sendport xmlns='urn:sendport:config:1'><host name='H'/>" + port("Healthy", healthy) + ports
                        + port("Slow", Integer.toString(slow)) + "</sendport>");
        Configuration configuration = new ConfigurationReader(new CamelPlaceholders())
                .read(file)
                .configuration()
                .orElseThrow();
        Part part = Part.body("text/plain", Body.of("x".repeat(4_000), StandardCharsets.US_ASCII));
        HostProcess process = new HostProcess(configuration, Set.of(), Environment.of(folder, Clock.systemUTC()));
        if (beside) {
            for (int i = 0; i < WAITING_MESSAGES; i++) {
                submit(process, "Hanging" + hanging.get(i % hanging.size()), part);
                submit(process, "Slow", part);
            }
        }
        long began = System.nanoTime();
        for (int i = 0; i < count; i++) {
            submit(process, "Healthy", part);
        }
        while (process.box().queries().ports().containsKey("Healthy")) {
            Thread.sleep(20);
        }
        double rate = count * 1e9 / (System.nanoTime() - began);
        // What hangs would hold up an orderly end.
        new Thread(() -> {
                    try {
                        process.close();
                    } catch (IOException e) {
                        System.err.println(e.getMessage());
                    }
                })
                .start();
        return rate;
    }

    private static void submit(HostProcess process, String port, Part part) {
        process.submissionService()
                .submit(new Submission(port, Context.empty(), List.of(part), Optional.empty(), "bench"));
    }

    /** Answers everything after so many milliseconds; with none it never greets. */
    private static ServerSocket server(int millis) throws IOException {
        ServerSocket server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(() -> {
            try {
                while (true) {
                    Socket client = server.accept();
                    Thread each = new Thread(() -> serve(client, millis));
                    each.setDaemon(true);
                    each.start();
                }
            } catch (IOException e) {
                System.err.println("server: " + e.getMessage());
            }
        });
        thread.setDaemon(true);
        thread.start();
        return server;
    }

    private static void serve(Socket client, int millis) {
        try (client) {
            if (millis == 0) {
                Thread.sleep(3_600_000);
            }
            var in = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
            say(client, "220 slow");
            boolean data = false;
            for (String line; (line = in.readLine()) != null; ) {
                if (data && !line.equals(".")) {
                    continue;
                }
                Thread.sleep(millis);
                boolean dot = data;
                data = line.equals("DATA");
                say(client, data ? "354 go" : dot ? "250 2.0.0 Ok" : "250 ok");
            }
        } catch (IOException | InterruptedException e) {
            // The client went away.
        }
    }

    private static void say(Socket client, String line) throws IOException {
        client.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }
}
