package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.testing.Patience;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A program of {@code src/test/broker} in a process and with a class path of its own. It says "ready", and then answers each line with a line.
 * Safe for use by several threads.
 */
final class BrokerProcess {

    private final Process process;
    private final BufferedWriter in;
    private final BufferedReader out;

    /**
     * Starts it and waits until it is ready.
     *
     * @param log takes what it says on standard error
     */
    BrokerProcess(String classPath, Path source, Path log, Object... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                source.toString()));
        List.of(arguments).forEach(each -> command.add(each.toString()));
        process = new ProcessBuilder(command).redirectError(log.toFile()).start();
        in = process.outputWriter(StandardCharsets.US_ASCII);
        out = process.inputReader(StandardCharsets.US_ASCII);
        String line = out.readLine();
        while (line != null && !line.equals("ready")) {
            line = out.readLine();
        }
        assertThat(line).as(Files.readString(log)).isEqualTo("ready");
    }

    synchronized String ask(String line) throws IOException {
        in.write(line + "\n");
        in.flush();
        return out.readLine();
    }

    void kill() throws Exception {
        process.destroyForcibly();
        Patience.untilEnd(process);
    }
}
