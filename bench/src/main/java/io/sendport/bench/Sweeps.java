package io.sendport.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** One thing changes, the rest stays: a table and a chart for each. */
@Command(
        name = "sweep",
        mixinStandardHelpOptions = true,
        description = "Changes one thing at a time and shows what that does.")
final class Sweeps implements Callable<Integer> {

    @Parameters(
            arity = "0..*",
            paramLabel = "WHAT",
            description =
                    "size, connections, recipients, waiting, roundtrip, smime, store, ledger, instances; all when left out.")
    private List<String> wanted = List.of();

    @Option(names = "--charts", paramLabel = "DIR", description = "Where charts go; ${DEFAULT-VALUE}.")
    private Path charts = Path.of("docs/charts");

    @Option(names = "--rounds", description = "Rounds that count; ${DEFAULT-VALUE}.")
    private int rounds = 3;

    @Option(names = "--waiting", description = "The most that wait; ${DEFAULT-VALUE}.")
    private int mostWaiting = 1_000_000;

    @Option(names = "--postgres", paramLabel = "URL", description = "A database for store and instances.")
    private @Nullable String postgres;

    @Option(names = "--user", description = "Its user; ${DEFAULT-VALUE}.")
    private String user = "postgres";

    private final Map<String, Step> steps = new LinkedHashMap<>();

    @FunctionalInterface
    private interface Step {
        void run() throws Exception;
    }

    Sweeps() {
        steps.put("size", this::size);
        steps.put("connections", this::connections);
        steps.put("recipients", this::recipients);
        steps.put("waiting", this::waiting);
        steps.put("roundtrip", this::roundTrip);
        steps.put("smime", this::smime);
        steps.put("store", this::store);
        steps.put("ledger", this::ledger);
        steps.put("instances", this::instances);
    }

    @Override
    public Integer call() throws Exception {
        for (Map.Entry<String, Step> each : steps.entrySet()) {
            if (wanted.isEmpty() || Set.copyOf(wanted).contains(each.getKey())) {
                each.getValue().run();
            }
        }
        return 0;
    }

    private record Point(String name, Figures figures) {}

    private Point measured(String name, Terms terms, Race race, int count) throws Exception {
        race.add(name, terms);
        return new Point(name, race.run(3, rounds, count, count).get(name));
    }

    /** One race for each point, since contestants that idle still take memory. */
    @FunctionalInterface
    private interface Vary {
        Terms from(Terms usual, int value) throws Exception;
    }

    private void vary(String what, String title, String unit, int[] values, Vary vary, int mails) throws Exception {
        List<Point> points = new ArrayList<>();
        for (int value : values) {
            try (Race race = new Race()) {
                points.add(measured(value + unit, vary.from(Terms.usual(race.port()), value), race, mails));
            }
        }
        show(what, title, points);
    }

    private void show(String what, String title, List<Point> points) throws Exception {
        System.out.printf(
                "%n### %s%n%n| | mails/s, median (spread) | CPU s/1,000 | p50, p99 ms | heap MB |%n|---|---|---|---|---|%n",
                title);
        List<Chart.Bar> bars = new ArrayList<>();
        for (Point each : points) {
            Figures all = each.figures();
            double rate = all.median(Figures.Round::rate);
            double least = all.least(Figures.Round::rate);
            double most = all.most(Figures.Round::rate);
            System.out.printf(
                    "| %s | %,.0f (%,.0f to %,.0f) | %.2f | %.0f, %.0f | %.0f |%n",
                    each.name(),
                    rate,
                    least,
                    most,
                    all.median(Figures.Round::cpu),
                    all.median(Figures.Round::p50),
                    all.median(Figures.Round::p99),
                    all.median(Figures.Round::heap) / 1e6);
            bars.add(new Chart.Bar(each.name(), rate, least, most));
        }
        Chart.write(charts.resolve(what + ".svg"), title, "/s", bars);
    }

    private void size() throws Exception {
        List<Point> points = new ArrayList<>();
        for (int kilobytes : new int[] {1, 4, 16, 64, 256, 1_024, 10_240}) {
            try (Race race = new Race()) {
                int mails = Math.max(40, Math.min(4_000, 64_000 / kilobytes));
                points.add(measured(
                        kilobytes < 1_024 ? kilobytes + " KB" : kilobytes / 1_024 + " MB",
                        Terms.usual(race.port()).withSize(kilobytes * 1_024),
                        race,
                        mails));
            }
        }
        show("size", "Mails a second by size of the text", points);
    }

    private void connections() throws Exception {
        vary(
                "connections",
                "Mails a second by connections and submitting threads",
                "",
                new int[] {1, 2, 4, 8, 16, 32, 64},
                (usual, value) -> new Terms(usual.port(), usual.size(), value, value, 1, usual.more()),
                3_000);
    }

    private void recipients() throws Exception {
        vary(
                "recipients",
                "Mails a second by recipients",
                "",
                new int[] {1, 3, 10, 30, 100},
                Terms::withRecipients,
                2_000);
    }

    private void waiting() throws Exception {
        List<Integer> values = new ArrayList<>();
        for (int value : new int[] {0, 1_000, 10_000, 100_000, 1_000_000}) {
            if (value <= mostWaiting) {
                values.add(value);
            }
        }
        vary(
                "waiting",
                "Mails a second beside so many that wait at another port",
                "",
                values.stream().mapToInt(Integer::intValue).toArray(),
                (usual, value) -> usual.with("waiting", String.valueOf(value)),
                3_000);
    }

    private void roundTrip() throws Exception {
        List<Point> points = new ArrayList<>();
        for (int millis : new int[] {0, 1, 5, 20, 50, 100}) {
            try (Race race = new Race();
                    DelayingProxy proxy = new DelayingProxy(race.port(), millis)) {
                points.add(measured(millis + " ms", Terms.usual(proxy.port()), race, millis >= 20 ? 800 : 3_000));
            }
        }
        show("roundtrip", "Mails a second by round trip to the server, 8 connections", points);
    }

    private void smime() throws Exception {
        Path folder = Files.createTempDirectory("sendport-bench-keys-");
        Keys keys = new Keys(folder);
        Map<String, String> kinds = new LinkedHashMap<>();
        kinds.put("off", "");
        kinds.put("sign", "<smime" + keys.signing() + "/>");
        kinds.put("sign and encrypt", "<smime" + keys.signing() + keys.encrypting() + "/>");
        List<Point> points = new ArrayList<>();
        for (Map.Entry<String, String> each : kinds.entrySet()) {
            try (Race race = new Race()) {
                Terms terms = Terms.usual(race.port());
                String pipeline = "<pipeline name='Bench'>" + SendportContestant.MIME
                        + (each.getValue().isEmpty() ? "" : "<encode>" + each.getValue() + "</encode>") + "</pipeline>";
                points.add(measured(each.getKey(), terms.with("pipeline", pipeline), race, 3_000));
            }
        }
        show("smime", "Mails a second by S/MIME: RSA-2048, and what is the default besides", points);
    }

    private void store() throws Exception {
        List<Point> points = new ArrayList<>();
        try (Race race = new Race()) {
            points.add(measured(Race.SENDPORT, Terms.usual(race.port()), race, 3_000));
        }
        if (postgres != null) {
            try (Race race = new Race()) {
                Terms terms = Terms.usual(race.port()).with("messageBox", Bench.messageBox(postgres, user));
                points.add(measured(Race.POSTGRES, terms, race, 3_000));
            }
        }
        show("store", "Mails a second by message box", points);
    }

    /** In turns, since the difference is small. */
    private void ledger() throws Exception {
        try (Race race = new Race()) {
            Terms terms = Terms.usual(race.port());
            race.add("with its ledger", terms);
            race.add("ledger faked", terms.with("fakedLedger", ""));
            Map<String, Figures> figures = race.run(3, rounds * 2, 3_000, 3_000);
            List<Point> points = new ArrayList<>();
            figures.forEach((name, all) -> points.add(new Point(name, all)));
            show("ledger", "Mails a second with the ledger, and with tables that keep nothing", points);
        }
    }

    private void instances() throws Exception {
        if (postgres == null) {
            System.err.println("instances share a PostgreSQL: left out without --postgres");
            return;
        }
        List<Point> points = new ArrayList<>();
        for (int count = 1; count <= 4; count++) {
            try (Race race = new Race()) {
                Terms terms = Terms.usual(race.port()).with("messageBox", Bench.messageBox(postgres, user));
                List<ContestantProcess> others = new ArrayList<>();
                for (int i = 1; i < count; i++) {
                    others.add(new ContestantProcess("other", Files.createTempDirectory("sendport-bench-"), terms));
                }
                points.add(measured(count + (count == 1 ? " instance" : " instances"), terms, race, 3_000));
                others.forEach(ContestantProcess::close);
            }
        }
        show("instances", "Mails a second by instances on one machine, PostgreSQL", points);
    }
}
