package io.sendport.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Contestants in turns, round after round, against one server. The first round warms up and doesn't count. */
final class Race implements AutoCloseable {

    static final String SENDPORT = "Sendport, SQLite";
    static final String POSTGRES = "Sendport, PostgreSQL";
    static final String POSTFIX = "Postfix, store and forward";
    static final String SOURCE = "smtp-source -d";

    private static final double MILLION = 1e6;

    private final Sink sink = new Sink();
    private final Path folder = Files.createTempDirectory("sendport-bench-");
    private final Map<String, Runner> runners = new LinkedHashMap<>();
    private final Map<String, Figures> figures = new LinkedHashMap<>();

    Race() throws IOException {}

    /** Sends so many mails, each once; what it cost, or nulls of which nothing is known. */
    private interface Runner extends AutoCloseable {
        Figures.Round run(int count) throws Exception;

        @Override
        void close();
    }

    int port() {
        return sink.port();
    }

    /** A java process of its own. */
    void add(String name, Terms terms) throws IOException {
        ContestantProcess process = new ContestantProcess(name, folder.resolve("c" + runners.size()), terms);
        add(name, new Runner() {
            @Override
            public Figures.Round run(int count) throws Exception {
                ContestantProcess.Cost cost = process.run(count);
                Sink.Report report = sink.await(count);
                double seconds = (Math.max(cost.ended(), report.last()) - cost.began()) / 1e9;
                return new Figures.Round(
                        count / seconds,
                        cost.cpuSeconds() * 1_000 / count,
                        report.p50() / MILLION,
                        report.p99() / MILLION,
                        (double) cost.written() / count,
                        cost.heap());
            }

            @Override
            public void close() {
                process.close();
            }
        });
    }

    /** Postfix's own sender straight to the server, and through a Postfix; where they are installed. */
    void addPostfix(Terms terms) throws IOException, InterruptedException {
        if (!Postfix.isInstalled()) {
            System.err.println("no Postfix here, or not root: left out");
            return;
        }
        Postfix postfix = new Postfix(Files.createDirectories(folder.resolve("postfix")), sink.port());
        add(POSTFIX, source(postfix.port(), terms, postfix::close));
        add(SOURCE, source(sink.port(), terms, () -> {}));
    }

    private Runner source(int port, Terms terms, Runnable end) {
        return new Runner() {
            @Override
            public Figures.Round run(int count) throws Exception {
                long began = System.nanoTime();
                Postfix.source(port, count, terms);
                long last = sink.await(count).last();
                double none = Double.NaN;
                return new Figures.Round(count * 1e9 / (last - began), none, none, none, none, none);
            }

            @Override
            public void close() {
                end.run();
            }
        };
    }

    private void add(String name, Runner runner) {
        runners.put(name, runner);
        figures.put(name, new Figures());
    }

    /** Runs; the figures by contestant. */
    Map<String, Figures> run(int rounds, int count) throws Exception {
        for (int round = 0; round <= rounds; round++) {
            for (Map.Entry<String, Runner> each : runners.entrySet()) {
                sink.reset();
                Figures.Round cost = each.getValue().run(count);
                if (round > 0) {
                    figures.get(each.getKey()).add(cost);
                }
                System.err.printf("round %d  %-28s %8.0f/s%n", round, each.getKey(), cost.rate());
            }
        }
        return figures;
    }

    @Override
    public void close() {
        runners.values().forEach(Runner::close);
        sink.close();
    }
}
