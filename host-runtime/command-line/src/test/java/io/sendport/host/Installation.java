package io.sendport.host;

import io.sendport.testing.Deep;
import io.sendport.testing.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A copy of the distribution, used as a user would: through its script.
 *
 * @param script {@code bin/sendport}
 * @param environment what its commands have in their environment beside what each of them needs
 */
record Installation(Path script, Map<String, String> environment) {

    /** Processes of the daily build end before the optimising compiler and threads for collecting have earned what they cost, which is half of their time. */
    private static final String FOR_A_SHORT_LIFE = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
            + " -XX:+IgnoreUnrecognizedVMOptions -XX:+UseTransparentHugePages";

    /** The archives of classes that the script makes. */
    static final Path CACHE = Path.of("target/cache").toAbsolutePath();

    /** The folders in which a command ran. */
    private static final Set<Path> KNOWN = ConcurrentHashMap.newKeySet();

    /**
     * Runs a command. The first in a folder is a process of its own, as a user starts it; the daily build gives the next ones to a process
     * that stays.
     */
    Installed.Result sendport(Path folder, String... arguments) throws Exception {
        Path out = Files.createTempFile(folder, "out", ".txt").toAbsolutePath();
        Path err = Files.createTempFile(folder, "err", ".txt").toAbsolutePath();
        if (!KNOWN.add(folder) && canShare(arguments)) {
            Path home = script.getParent().getParent();
            OptionalInt status = WarmCommands.run(home, folder.toAbsolutePath(), out, err, arguments);
            if (status.isPresent()) {
                return new Installed.Result(status.getAsInt(), Installed.read(out), Installed.read(err));
            }
        }
        Process process = start(folder, "", out, err, arguments);
        try {
            Patience.untilEnd(process);
        } finally {
            process.destroyForcibly();
        }
        return new Installed.Result(process.exitValue(), Installed.read(out), Installed.read(err));
    }

    /** Whether a command can run in a process that others use: it is none that serves, and has no line break in an argument. */
    private boolean canShare(String... arguments) {
        return !Deep.isOn()
                && environment.isEmpty()
                && arguments.length > 0
                && !Set.of("run", "demo", "warm-up").contains(arguments[0])
                && Stream.of(arguments).noneMatch(each -> each.contains("\n") || each.contains("\r"));
    }

    Process start(Path folder, String javaOptions, Path out, Path err, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().put("JAVA_OPTS", Deep.isOn() ? javaOptions : FOR_A_SHORT_LIFE + " " + javaOptions);
        builder.environment().put("SENDPORT_CACHE", cache());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        return builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    }

    /** Copies of the distribution have no archive of classes: making one takes longer than all that starts without it. */
    private String cache() {
        return script.equals(Installed.SCRIPT) ? CACHE.toString() : "off";
    }

    /** Starts {@code run}, which logs to {@code run.log} in the folder, and waits for its ready line. */
    Process run(Path folder, String javaOptions, String config) throws Exception {
        Path log = folder.resolve("run.log");
        Files.deleteIfExists(log);
        Process process = start(folder, javaOptions, folder.resolve("run.out"), log, "run", "-c", config);
        Patience.until(
                "the ready line",
                () -> !process.isAlive()
                        || (Files.exists(log) && Installed.read(log).contains("ready after")));
        if (!process.isAlive() && process.exitValue() != 137) {
            throw new IOException("run ended: " + Installed.read(log));
        }
        return process;
    }
}
