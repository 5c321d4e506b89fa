import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.Part;
import io.sendport.api.submit.Submission;
import io.sendport.config.Configuration;
import io.sendport.config.ConfigurationReader;
import io.sendport.host.box.MessageFilter;
import io.sendport.host.box.MessageState;
import io.sendport.host.camel.CamelPlaceholders;
import io.sendport.host.process.HostProcess;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Submits N messages of S bytes with T threads, and sends them to a sink in another process: the rate of durable submits, and the rate
 * from the first submit to the last result on the ledger. {@code java -cp 'host-runtime/target/sendport/lib/*' bench/StoreAndForward.java [N] [S] [T]}
 */
public final class StoreAndForward {

    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 1 && arguments[0].equals("sink")) {
            sink();
            return;
        }
        int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20_000;
        int size = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 4_096;
        int threads = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 8;
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process sink = new ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), "bench/StoreAndForward.java", "sink").start();
        try {
            String port = new java.io.BufferedReader(new java.io.InputStreamReader(sink.getInputStream(), StandardCharsets.US_ASCII)).readLine();
            for (int round = 1; round <= 4; round++) {
                round(round, count, size, threads, port);
            }
        } finally {
            sink.destroyForcibly();
        }
    }

    private static void round(int round, int count, int size, int threads, String port) throws Exception {
        Path folder = Files.createTempDirectory("sendport-bench-");
        Path file = folder.resolve("sendport.xml");
        Files.writeString(file, "<sendport xmlns='urn:sendport:config:1'><host name='H'><smtp host='127.0.0.1' port='" + port
                + "' tls='none' maxConnections='8' messagesPerConnection='100000'/></host><sendPort name='P' host='H'>"
                + "<mail from='a@corp.example' to='b@customer.example'/></sendPort></sendport>");
        Configuration configuration = new ConfigurationReader(new CamelPlaceholders()).read(file).configuration().orElseThrow();
        byte[] bytes = new byte[size];
        new Random(1).nextBytes(bytes);
        Part part = Part.body("application/octet-stream", Body.wrapping(bytes));
        try (HostProcess process = new HostProcess(configuration, Set.of(), folder, Clock.systemUTC())) {
            long began = System.nanoTime();
            ExecutorService pool = Executors.newFixedThreadPool(threads);
            List<Future<?>> submits = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                submits.add(pool.submit(() -> {
                    for (int i = 0; i < count / threads; i++) {
                        process.desk().submit(new Submission("P", Context.empty(), List.of(part), Optional.empty(), "bench"));
                    }
                }));
            }
            for (Future<?> each : submits) {
                each.get();
            }
            long submitted = System.nanoTime();
            pool.shutdown();
            MessageFilter all = MessageFilter.all();
            while (process.box().queries().count(all, List.of("state")).getOrDefault(List.of(MessageState.DONE.word()), 0L) < count / threads * threads) {
                Thread.sleep(200);
            }
            long done = System.nanoTime();
            System.out.printf("round %d: %d messages of %d bytes, %d threads: submits %.0f/s (sending beside), submit to ledger %.0f/s%n",
                    round, count, size, threads, count * 1e9 / (submitted - began), count * 1e9 / (done - began));
        }
    }

    /** An SMTP server that takes everything and keeps nothing. */
    private static void sink() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress())) {
            System.out.println(server.getLocalPort());
            while (true) {
                Socket client = server.accept();
                client.setTcpNoDelay(true);
                new Thread(() -> serve(client)).start();
            }
        }
    }

    private static void serve(Socket client) {
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
                if (in.available() == 0) {
                    out.flush();
                }
            }
        } catch (IOException e) {
            System.err.println("sink: " + e.getMessage());
        }
    }

    private static void say(OutputStream out, String text) throws IOException {
        out.write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }
}
