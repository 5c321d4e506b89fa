package io.sendport.host;

import io.sendport.testing.Deep;
import io.sendport.testing.Patience;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The built distribution, used as a user would: through its script. */
public final class Installed {

    public static final Path SCRIPT = Path.of("../target/sendport/bin/sendport").toAbsolutePath();

    /** Processes of the daily build end before the optimising compiler has earned what it costs, which is half of their time. */
    private static final String FOR_A_SHORT_LIFE = "-XX:TieredStopAtLevel=1";

    private Installed() {}

    /**
     * What a command did.
     *
     * @param status exit status
     * @param out standard output
     * @param err standard error
     */
    public record Result(int status, String out, String err) {}

    public static Result sendport(Path folder, String... arguments) throws IOException, InterruptedException {
        return sendport(folder, Map.of(), arguments);
    }

    /** As above, with more in the environment. */
    public static Result sendport(Path folder, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "out", ".txt");
        Path err = Files.createTempFile(folder, "err", ".txt");
        Process process = start(folder, "", environment, out, err, arguments);
        try {
            Patience.untilEnd(process);
        } finally {
            process.destroyForcibly();
        }
        return new Result(process.exitValue(), read(out), read(err));
    }

    public static Process start(Path folder, String javaOptions, Path out, Path err, String... arguments)
            throws IOException {
        return start(folder, javaOptions, Map.of(), out, err, arguments);
    }

    /** As above, with more in the environment. */
    public static Process start(
            Path folder, String javaOptions, Map<String, String> environment, Path out, Path err, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(SCRIPT.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().put("JAVA_OPTS", Deep.isOn() ? javaOptions : FOR_A_SHORT_LIFE + " " + javaOptions);
        builder.environment()
                .put("SENDPORT_CACHE", Path.of("target/cache").toAbsolutePath().toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        return builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    }

    /** Starts {@code run} and waits for its ready line. */
    public static Process run(Path folder, String javaOptions, String config) throws Exception {
        return run(folder, javaOptions, Map.of(), config);
    }

    /** As above, with more in the environment. */
    public static Process run(Path folder, String javaOptions, Map<String, String> environment, String config)
            throws Exception {
        Path err = folder.resolve("run.log");
        Files.deleteIfExists(err);
        Process process = start(folder, javaOptions, environment, folder.resolve("run.out"), err, "run", "-c", config);
        Patience.until(
                "the ready line",
                () -> !process.isAlive() || (Files.exists(err) && read(err).contains("ready after")));
        if (!process.isAlive() && process.exitValue() != 137) {
            throw new IOException("run ended: " + read(err));
        }
        return process;
    }

    /** Waits until {@code text} stands in a file that a process writes. */
    public static void await(Path file, String text) throws Exception {
        Patience.until(text, () -> read(file).contains(text));
    }

    public static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
