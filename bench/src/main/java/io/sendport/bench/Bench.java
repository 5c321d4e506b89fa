package io.sendport.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Where every claim of speed is made, and can be repeated. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description =
                "Sends mails to a server on this machine, Sendport and its peers in turns, and says how fast each is.",
        subcommands = {Sweeps.class})
public final class Bench implements Callable<Integer> {

    @Option(names = "--rounds", description = "Rounds that count, after those that warm up; ${DEFAULT-VALUE}.")
    private int rounds = 5;

    @Option(names = "--count", description = "Mails a round; ${DEFAULT-VALUE}.")
    private int count = 5_000;

    @Option(names = "--size", description = "Bytes of a mail's text; ${DEFAULT-VALUE}.")
    private int size = 4_096;

    @Option(names = "--connections", description = "Connections, and threads that submit; ${DEFAULT-VALUE}.")
    private int connections = 8;

    @Option(
            names = "--postgres",
            paramLabel = "URL",
            description = "jdbc:postgresql://... of a database to use as well.")
    private @Nullable String postgres;

    @Option(names = "--user", description = "Its user; ${DEFAULT-VALUE}.")
    private String user = "postgres";

    @Option(
            names = "--quick",
            description = "Sendport, Angus and Postfix alone, ratios alone, in less than three minutes.")
    private boolean quick;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the figures there as well.")
    private @Nullable Path json;

    /** Runs the command line. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Bench()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        try (Race race = new Race()) {
            Terms terms = Terms.usual(race.port()).withSize(size).withConnections(connections);
            race.add(Race.SENDPORT, terms);
            if (!quick) {
                if (postgres != null) {
                    race.add(Race.POSTGRES, terms.with("messageBox", messageBox(postgres, user)));
                }
                race.add("camel-mail", terms);
                race.add("camel-mail behind Artemis", terms);
                race.add("Simple Java Mail, batch", terms);
            }
            race.add(Race.OTHER_PROCESS, terms);
            race.add("Angus by hand", terms);
            race.addPostfix(terms);
            System.out.println("All Java processes use the collector " + JavaProcess.collector() + ".");
            Map<String, Figures> figures = quick ? race.run(3, 3, 4_000, 500) : race.run(8, rounds, count, count);
            if (quick) {
                ratios(figures);
            } else {
                table(figures);
            }
            Optional<Path> file = Optional.ofNullable(json);
            if (file.isPresent()) {
                write(figures, file.get());
            }
        }
        return 0;
    }

    static String messageBox(String url, String user) {
        return "<messageBox url='" + url + "' user='" + user + "'/>";
    }

    private static double ratio(Map<String, Figures> figures, String to) {
        return figures.get(Race.SENDPORT).median(Figures.Round::rate)
                / figures.get(to).median(Figures.Round::rate);
    }

    private static void ratios(Map<String, Figures> figures) {
        figures.keySet().stream()
                .filter(name -> !name.equals(Race.SENDPORT))
                .forEach(name -> System.out.printf("Sendport / %s: %.2f%n", name, ratio(figures, name)));
        System.out.printf(
                "processor time of 1,000 mails: %.2f s%n",
                figures.get(Race.SENDPORT).median(Figures.Round::cpu));
    }

    private static void table(Map<String, Figures> figures) {
        System.out.println(
                "| | mails/s, median (spread) | Sendport is | CPU s/1,000 | p50, p99 ms | bytes written | syncs | heap MB |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        figures.forEach((name, all) -> System.out.printf(
                "| %s | %,.0f (%,.0f to %,.0f) | %.2f x | %s | %s, %s | %s | %s | %s |%n",
                name,
                all.median(Figures.Round::rate),
                all.least(Figures.Round::rate),
                all.most(Figures.Round::rate),
                ratio(figures, name),
                shown(all.median(Figures.Round::cpu), "%.2f"),
                shown(all.median(Figures.Round::p50), "%.0f"),
                shown(all.median(Figures.Round::p99), "%.0f"),
                shown(all.median(Figures.Round::written), "%,.0f"),
                shown(all.median(Figures.Round::syncs), "%.2f"),
                shown(all.median(Figures.Round::heap) / 1e6, "%.0f")));
    }

    private static String shown(double value, String format) {
        return Double.isNaN(value) ? "-" : String.format(format, value);
    }

    private static void write(Map<String, Figures> figures, Path file) throws java.io.IOException {
        Map<String, Object> all = new LinkedHashMap<>();
        figures.forEach((name, each) -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("rate", each.median(Figures.Round::rate));
            one.put("rateLeast", each.least(Figures.Round::rate));
            one.put("rateMost", each.most(Figures.Round::rate));
            one.put("cpuSecondsPer1000", each.median(Figures.Round::cpu));
            one.put("p50Millis", each.median(Figures.Round::p50));
            one.put("p99Millis", each.median(Figures.Round::p99));
            one.put("bytesWritten", each.median(Figures.Round::written));
            one.put("syncs", each.median(Figures.Round::syncs));
            one.put("heapBytes", each.median(Figures.Round::heap));
            one.values().removeIf(value -> Double.isNaN((Double) value));
            all.put(name, one);
        });
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), all);
    }
}
