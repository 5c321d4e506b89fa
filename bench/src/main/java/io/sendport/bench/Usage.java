package io.sendport.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a process and its children have used so far, those that ended among them.
 *
 * @param cpuSeconds of processor time
 * @param written bytes that were written to disk for them
 */
record Usage(double cpuSeconds, long written) {

    private static final double TICKS_PER_SECOND = 100;

    static Usage of(long pid) throws IOException {
        ProcessHandle process =
                ProcessHandle.of(pid).orElseThrow(() -> new IOException("process " + pid + " has ended"));
        Usage all = ofOne(process);
        try (Stream<ProcessHandle> children = process.descendants()) {
            for (ProcessHandle each : children.toList()) {
                Usage one = ofOne(each);
                all = new Usage(all.cpuSeconds + one.cpuSeconds, all.written + one.written);
            }
        }
        return all;
    }

    Usage since(Usage before) {
        return new Usage(cpuSeconds - before.cpuSeconds, written - before.written);
    }

    private static Usage ofOne(ProcessHandle process) throws IOException {
        Path folder = Path.of("/proc/" + process.pid());
        try {
            String stat = Files.readString(folder.resolve("stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            double ticks = 0;
            for (int i = 11; i <= 14; i++) {
                ticks += Long.parseLong(fields[i]);
            }
            long written = Files.readAllLines(folder.resolve("io")).stream()
                    .filter(line -> line.startsWith("write_bytes: "))
                    .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(' ') + 1)))
                    .sum();
            return new Usage(ticks / TICKS_PER_SECOND, written);
        } catch (IOException e) {
            if (process.isAlive()) {
                throw e;
            }
            return new Usage(0, 0);
        }
    }
}
