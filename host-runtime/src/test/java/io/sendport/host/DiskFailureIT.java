package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.config.MessageBoxSettings;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageFilter;
import io.sendport.host.store.DiskFailure;
import io.sendport.host.store.Store;
import io.sendport.testing.Skipped;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The kernel says that the disk did not take what it was given: from there on nothing is acknowledged, and nothing that was is lost. */
@Timeout(120)
class DiskFailureIT {

    private static final int LAST_GOOD_SYNC = 40;

    @TempDir
    private Path folder;

    @Test
    void acknowledgesNothingOnceTheDiskFailsAtASync() throws Exception {
        if (!Files.isExecutable(Path.of("/usr/bin/strace"))) {
            Skipped.note("strace is not installed, no failure of the disk was made");
            return;
        }
        Path said = folder.resolve("said.txt");
        Path host = Files.createDirectories(folder.resolve("host"));
        Process sink = Sink.start(folder.resolve("sink.log"));
        try (BufferedReader answers =
                new BufferedReader(new InputStreamReader(sink.getInputStream(), StandardCharsets.US_ASCII))) {
            String port = answers.readLine().substring("port ".length());
            Process process = new ProcessBuilder(
                            "strace",
                            "-f",
                            "-o",
                            "/dev/null",
                            "-e",
                            "trace=fdatasync",
                            "-e",
                            "inject=fdatasync:error=EIO:when=" + (LAST_GOOD_SYNC + 1) + "+",
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            OneByOne.class.getName(),
                            host.toString(),
                            port,
                            "1000")
                    .redirectOutput(said.toFile())
                    .redirectError(folder.resolve("err.txt").toFile())
                    .start();
            boolean ended = process.waitFor(60, TimeUnit.SECONDS);
            process.destroyForcibly();
            String errors = Files.readString(folder.resolve("err.txt"));
            if (errors.contains("ptrace")) {
                Skipped.note("strace may not trace here, no failure of the disk was made");
                return;
            }
            assertThat(ended).as("a submit fails, and with it the program").isTrue();
            assertThat(process.exitValue()).isNotZero();
            assertThat(errors).contains("the disk failed while commits were brought to it", "nothing more is written");
        } finally {
            sink.destroyForcibly();
        }
        MessageBoxSettings settings = TestBox.settings(host.resolve("var"));
        Path store = settings.place();
        assertThat(store.resolveSibling("sendport.db.disk-failed")).exists();
        DiskFailure.recover(store);
        try (MessageBox box = MessageBox.open(settings, Store.Access.WRITE, Clock.systemUTC())) {
            List<String> stored = box.queries().list(MessageFilter.all(), Optional.empty()).stream()
                    .map(row -> row.id().value())
                    .toList();
            List<String> submitted = Files.readAllLines(said).stream()
                    .filter(line -> line.startsWith("submitted "))
                    .map(line -> line.substring("submitted ".length()))
                    .toList();
            assertThat(submitted).isNotEmpty().hasSizeLessThan(LAST_GOOD_SYNC);
            assertThat(stored).containsAll(submitted);
        }
    }
}
