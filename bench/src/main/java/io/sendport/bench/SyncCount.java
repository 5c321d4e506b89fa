package io.sendport.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** How often anybody on this machine has something synced to disk; counted by {@code perf}, where that is installed, for root. */
final class SyncCount {

    private static final Path PERF = Path.of("/usr/bin/perf");
    private static final double UNKNOWN = Double.NaN;

    private final Process perf;
    private final Path counts;

    private SyncCount(Process perf, Path counts) {
        this.perf = perf;
        this.counts = counts;
    }

    /** Something that is done. */
    interface Work<T> {
        T run() throws Exception;
    }

    /**
     * What work gave, and what it cost.
     *
     * @param syncs not a number where nobody can count them
     */
    record Counted<T>(T result, double syncs) {}

    static <T> Counted<T> during(Work<T> work) throws Exception {
        if (!Files.isExecutable(PERF) || !"root".equals(System.getProperty("user.name"))) {
            return new Counted<>(work.run(), UNKNOWN);
        }
        SyncCount count = start();
        T result = work.run();
        return new Counted<>(result, count.stop());
    }

    private static SyncCount start() throws IOException, InterruptedException {
        Path counts = Files.createTempFile("sendport-bench-syncs-", ".csv");
        Process perf = new ProcessBuilder(
                        PERF.toString(),
                        "stat",
                        "-a",
                        "-x,",
                        "-o",
                        counts.toString(),
                        "-e",
                        "syscalls:sys_enter_fsync,syscalls:sys_enter_fdatasync")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        // Counting begins a moment after it was asked for.
        TimeUnit.MILLISECONDS.sleep(200);
        return new SyncCount(perf, counts);
    }

    private double stop() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", String.valueOf(perf.pid())).start().waitFor();
        perf.waitFor(10, TimeUnit.SECONDS);
        double all = 0;
        for (String line : Files.readAllLines(counts, StandardCharsets.US_ASCII)) {
            if (line.contains("sys_enter_")) {
                String number = line.substring(0, line.indexOf(','));
                all += number.chars().allMatch(Character::isDigit) ? Long.parseLong(number) : UNKNOWN;
            }
        }
        Files.delete(counts);
        return all;
    }
}
