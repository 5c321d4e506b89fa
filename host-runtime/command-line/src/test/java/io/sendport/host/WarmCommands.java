package io.sendport.host;

import io.sendport.testing.Patience;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Commands of the distribution in a process that stays, because a process of its own for each spends more than a second on its start. The
 * process works in the folder of one test, and ends with the first command of another.
 */
final class WarmCommands {

    private static final ReentrantLock BUSY = new ReentrantLock();
    /** Guarded by {@link #BUSY}. */
    private static Optional<WarmCommands> current = Optional.empty();

    private final Path folder;
    private final Process process;
    private final BufferedWriter commands;
    private final BufferedReader answers;

    private WarmCommands(Path home, Path folder) throws IOException {
        this.folder = folder;
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xlog:disable",
                archive().map(file -> "-XX:SharedArchiveFile=" + file).orElse("-Xshare:auto"),
                "-Dsendport.home=" + home,
                "-Djdk.console=java.base",
                "-Dfile.encoding=UTF-8",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                home + "/lib/*:" + home + "/feeds/lib/*:"
                        + Path.of("target/test-classes").toAbsolutePath(),
                CommandsProgram.class.getName()));
        process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        commands = process.outputWriter();
        answers = process.inputReader();
    }

    /** The script's newest archive of classes, which Java leaves aside where it does not fit. */
    private static Optional<Path> archive() throws IOException {
        if (!Files.isDirectory(Installation.CACHE)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(Installation.CACHE)) {
            return files.filter(each -> each.toString().endsWith(".jsa"))
                    .max(Comparator.comparing(each -> each.toFile().lastModified()));
        }
    }

    /**
     * Runs a command of the installation {@code home} in {@code folder}.
     *
     * @return its exit status; empty when another command is running
     */
    static OptionalInt run(Path home, Path folder, Path out, Path err, String... arguments) throws Exception {
        if (!BUSY.tryLock()) {
            return OptionalInt.empty();
        }
        try {
            return OptionalInt.of(in(home, folder).run(out, err, arguments));
        } finally {
            BUSY.unlock();
        }
    }

    private static WarmCommands in(Path home, Path folder) throws IOException, InterruptedException {
        Optional<WarmCommands> same = current.filter(each -> each.folder.equals(folder) && each.process.isAlive());
        if (same.isPresent()) {
            return same.get();
        }
        end();
        WarmCommands started = new WarmCommands(home, folder);
        current = Optional.of(started);
        return started;
    }

    private static void end() throws IOException, InterruptedException {
        Optional<WarmCommands> earlier = current;
        current = Optional.empty();
        if (earlier.isPresent()) {
            earlier.get().process.destroyForcibly();
            Patience.untilEnd(earlier.get().process);
        }
    }

    private int run(Path out, Path err, String... arguments) throws Exception {
        List<String> parts = new ArrayList<>(List.of(out.toString(), err.toString()));
        parts.addAll(List.of(arguments));
        commands.write(String.join(CommandsProgram.SEPARATOR, parts) + "\n");
        commands.flush();
        Patience.until("the end of " + String.join(" ", arguments), () -> answers.ready() || !process.isAlive());
        String status = answers.readLine();
        if (status != null) {
            return Integer.parseInt(status);
        }
        // The command has ended the process.
        Patience.untilEnd(process);
        return process.exitValue();
    }
}
