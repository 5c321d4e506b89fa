package io.sendport.bench;

import io.sendport.host.Sendport;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The same {@code smtp-source} into Postfix and into Sendport's submission feed, by turns, with the same server behind both: from the first command until
 * that server has the last mail. Both have each mail on disk before their 250.
 *
 * <pre>{@code
 * java -cp 'bench/target/classes:bench/target/lib/*' io.sendport.bench.SmtpIn 5000
 * }</pre>
 */
final class SmtpIn {

    private static final int ROUNDS = 5;
    private static final int WARM_UP = 3;

    private SmtpIn() {}

    public static void main(String... arguments) throws Exception {
        int mails = arguments.length == 1 ? Integer.parseInt(arguments[0]) : 5_000;
        Path folder = Files.createTempDirectory("sendport-bench-smtp-in-");
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Path file = Files.createDirectories(folder.resolve("sendport")).resolve("sendport.xml");
        try (Sink sink = new Sink()) {
            Files.writeString(file, """
                    <sendport xmlns="urn:sendport:config:1">
                      <messageBox url="jdbc:sqlite:sendport.db"/>
                      <host name="H"><submission port="%d"><map port="P"/></submission></host>
                      <sendPort name="P" host="H"><dynamic domains="customer.example"/>
                        <smtp host="127.0.0.1" port="%d" tls="none" maxConnections="8"/>
                        <mail from="a@corp.example" passThroughHeaders="true"/>
                      </sendPort>
                    </sendport>
                    """.formatted(port, sink.port()));
            Terms terms = new Terms(sink.port(), 4_096, 8, 8, 1, Map.of());
            try (Sendport sendport = Sendport.configuredBy(file).start();
                    Postfix postfix = new Postfix(folder.resolve("postfix"), sink.port())) {
                List<Double> ours = new ArrayList<>();
                List<Double> theirs = new ArrayList<>();
                for (int round = 0; round < WARM_UP + ROUNDS; round++) {
                    double mine = rate(port, mails, terms, sink);
                    double other = rate(postfix.port(), mails, terms, sink);
                    if (round >= WARM_UP) {
                        ours.add(mine);
                        theirs.add(other);
                    }
                }
                print("Sendport", ours);
                print("Postfix", theirs);
                System.out.printf(Locale.ROOT, "Sendport is %.2f x%n", median(ours) / median(theirs));
                if (sendport.ending().isPresent()) {
                    throw new IOException("the engine ended");
                }
            }
        }
    }

    private static double rate(int port, int mails, Terms terms, Sink sink) throws Exception {
        sink.reset();
        long began = System.nanoTime();
        Postfix.source(port, mails, terms);
        sink.await(mails);
        return mails / ((System.nanoTime() - began) / 1e9);
    }

    private static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }

    private static void print(String name, List<Double> rates) {
        System.out.printf(
                Locale.ROOT,
                "%-9s %,.0f mails a second (%,.0f to %,.0f)%n",
                name,
                median(rates),
                Collections.min(rates),
                Collections.max(rates));
    }
}
