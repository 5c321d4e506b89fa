package io.sendport.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Contestants in turns, round after round, against one server. Rounds before the first that counts warm up. */
final class Race implements AutoCloseable {

    static final String SENDPORT = "Sendport, SQLite";
    static final String POSTGRES = "Sendport, PostgreSQL";
    static final String OTHER_PROCESS = "Sendport, SQLite, another process submits";
    static final String POSTFIX = "Postfix, store and forward";
    static final String SOURCE = "smtp-source -d";

    private static final double MILLION = 1e6;
    /** A round is warm when less than this share of its processor time was for compilers. */
    private static final double QUIET = 0.05;

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
                        cost.used().cpuSeconds() * 1_000 / count,
                        report.p50() / MILLION,
                        report.p99() / MILLION,
                        (double) cost.used().written() / count,
                        Double.NaN,
                        cost.heap(),
                        cost.compiled() / cost.used().cpuSeconds());
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
        add(POSTFIX, new Runner() {
            @Override
            public Figures.Round run(int count) throws Exception {
                postfix.forgetDelays();
                Usage before = Usage.of(postfix.pid());
                double rate = rate(postfix.port(), count, terms);
                Usage used = Usage.of(postfix.pid()).since(before);
                double[] delays = postfix.delays(count);
                return new Figures.Round(
                        rate,
                        used.cpuSeconds() * 1_000 / count,
                        delays[delays.length / 2],
                        delays[delays.length * 99 / 100],
                        (double) used.written() / count,
                        Double.NaN,
                        Double.NaN,
                        0);
            }

            @Override
            public void close() {
                postfix.close();
            }
        });
        add(SOURCE, new Runner() {
            @Override
            public Figures.Round run(int count) throws Exception {
                double none = Double.NaN;
                return new Figures.Round(rate(sink.port(), count, terms), none, none, none, none, none, none, 0);
            }

            @Override
            public void close() {
                // It ends by itself.
            }
        });
    }

    /** Of {@code smtp-source} to that port, until the last mail has arrived. */
    private double rate(int port, int count, Terms terms) throws Exception {
        long began = System.nanoTime();
        Postfix.source(port, count, terms);
        return count * 1e9 / (sink.await(count).last() - began);
    }

    private void add(String name, Runner runner) {
        runners.put(name, runner);
        figures.put(name, new Figures());
    }

    /**
     * Runs; the figures by contestant.
     *
     * @param warmUps the most rounds before the first that counts; fewer where all compilers are quiet before
     * @param slow mails of a round of Postfix, whose rate needs no more
     */
    Map<String, Figures> run(int warmUps, int rounds, int count, int slow) throws Exception {
        boolean quiet = false;
        for (int round = 1; round <= warmUps && !quiet; round++) {
            quiet = round("warm-up " + round, count, slow).values().stream().allMatch(each -> each.compiling() < QUIET);
        }
        for (int round = 1; round <= rounds; round++) {
            round("round " + round, count, slow)
                    .forEach((name, cost) -> figures.get(name).add(cost));
        }
        return figures;
    }

    private Map<String, Figures.Round> round(String title, int count, int slow) throws Exception {
        Map<String, Figures.Round> costs = new LinkedHashMap<>();
        for (Map.Entry<String, Runner> each : runners.entrySet()) {
            int mails = each.getKey().equals(POSTFIX) ? slow : count;
            sink.reset();
            SyncCount.Counted<Figures.Round> counted =
                    SyncCount.during(() -> each.getValue().run(mails));
            Figures.Round cost = counted.result().withSyncs(counted.syncs() / mails);
            costs.put(each.getKey(), cost);
            System.err.printf(
                    "%s  %-41s %8.0f/s %5.2f ms  %5.2f syncs a mail, %2.0f %% compiling%n",
                    title, each.getKey(), cost.rate(), cost.cpu(), cost.syncs(), 100 * cost.compiling());
        }
        return costs;
    }

    @Override
    public void close() {
        runners.values().forEach(Runner::close);
        sink.close();
        delete(folder);
    }

    /** What a killed process still had open may come back while it is deleted; then it stays. */
    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException | UncheckedIOException e) {
            System.err.println(folder + " stays: " + e.getMessage());
        }
    }
}
