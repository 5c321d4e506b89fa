package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@link OneByOne} in a process of its own under {@code strace}, with a server to send to. */
final class Traced {

    /** A process that is traced takes many times as long. */
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private Traced() {}

    /** Whether {@code strace} is there and may trace. */
    static boolean isPossible() {
        return works("strace", "-o", "/dev/null", "true");
    }

    /** {@code strace} of a process and its children; where it can, only the calls that are traced make it stop: it takes a tenth of the time then. */
    static List<String> command() {
        return works("strace", "-f", "--seccomp-bpf", "-o", "/dev/null", "true")
                ? List.of("strace", "-f", "--seccomp-bpf")
                : List.of("strace", "-f");
    }

    private static boolean works(String... command) {
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Runs it to its end; what it says goes to {@code said.txt} and {@code err.txt} in {@code folder}.
     *
     * @return its exit status
     */
    static int run(Path folder, Path host, int messages, List<String> options) throws Exception {
        Process sink = Sink.start(folder.resolve("sink.log"));
        try (BufferedReader answers =
                new BufferedReader(new InputStreamReader(sink.getInputStream(), StandardCharsets.US_ASCII))) {
            List<String> command = new ArrayList<>(command());
            command.addAll(options);
            command.addAll(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    OneByOne.class.getName(),
                    Files.createDirectories(host).toString(),
                    answers.readLine().substring("port ".length()),
                    String.valueOf(messages)));
            Process process = new ProcessBuilder(command)
                    .redirectOutput(folder.resolve("said.txt").toFile())
                    .redirectError(folder.resolve("err.txt").toFile())
                    .start();
            try {
                assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
                        .as("it ended in time")
                        .isTrue();
                return process.exitValue();
            } finally {
                process.destroyForcibly();
            }
        } finally {
            sink.destroyForcibly();
        }
    }
}
