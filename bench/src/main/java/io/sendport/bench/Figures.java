package io.sendport.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What the rounds of one contestant gave. */
final class Figures {

    /**
     * One round.
     *
     * @param rate mails a second, from the first submit to the last mail's arrival and whatever else counts
     * @param cpu seconds of processor time of 1,000 mails
     * @param p50 median from submit to arrival, milliseconds
     * @param p99 99 of 100
     * @param written bytes a mail
     * @param syncs of the machine's disks, a mail
     * @param heap peak, bytes
     * @param compiling share of the processor time that was for Java's compilers
     */
    record Round(
            double rate,
            double cpu,
            double p50,
            double p99,
            double written,
            double syncs,
            double heap,
            double compiling) {

        Round withSyncs(double counted) {
            return new Round(rate, cpu, p50, p99, written, counted, heap, compiling);
        }
    }

    private final List<Round> rounds = new ArrayList<>();

    void add(Round round) {
        rounds.add(round);
    }

    boolean isEmpty() {
        return rounds.isEmpty();
    }

    double median(ToDoubleFunction<Round> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
    }

    double least(ToDoubleFunction<Round> figure) {
        return rounds.stream().mapToDouble(figure).min().orElse(Double.NaN);
    }

    double most(ToDoubleFunction<Round> figure) {
        return rounds.stream().mapToDouble(figure).max().orElse(Double.NaN);
    }
}
