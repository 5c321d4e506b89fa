package io.sendport.host;

import io.sendport.testing.Patience;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The built distribution. */
public final class Installed {

    public static final Path SCRIPT = Path.of("../target/sendport/bin/sendport").toAbsolutePath();

    private static final Installation BUILT = new Installation(SCRIPT, Map.of());

    private Installed() {}

    /**
     * What a command did.
     *
     * @param status exit status
     * @param out standard output
     * @param err standard error
     */
    public record Result(int status, String out, String err) {}

    public static Result sendport(Path folder, String... arguments) throws Exception {
        return BUILT.sendport(folder, arguments);
    }

    public static Process start(Path folder, String javaOptions, Path out, Path err, String... arguments)
            throws IOException {
        return BUILT.start(folder, javaOptions, out, err, arguments);
    }

    /** Starts {@code run} and waits for its ready line. */
    public static Process run(Path folder, String javaOptions, String config) throws Exception {
        return BUILT.run(folder, javaOptions, config);
    }

    /** Waits until {@code text} stands in a file that a process writes. */
    public static void await(Path file, String text) throws Exception {
        Patience.until(text, () -> read(file).contains(text));
    }

    public static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
