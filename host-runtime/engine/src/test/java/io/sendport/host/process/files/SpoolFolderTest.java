package io.sendport.host.process.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolFolderTest {

    private static final int PROCESSES = 8;
    private static final int ROUNDS = 200;

    @TempDir
    private Path parent;

    @Test
    void deletesTheFolderOfADeadProcess() throws IOException {
        Path dead = Files.createDirectories(parent.resolve("dead"));
        Files.createFile(dead.resolve("lock"));
        Files.writeString(dead.resolve("part"), "x");
        Path elsewhere = Files.writeString(
                Files.createDirectory(parent.resolve("elsewhere")).resolve("kept"), "x");
        Files.writeString(Files.createDirectories(dead.resolve("feeds/stream")).resolve("body"), "x");
        Files.createSymbolicLink(dead.resolve("feeds/link"), elsewhere.getParent());

        try (SpoolFolder own = SpoolFolder.claim(parent, "own")) {
            assertThat(own.path()).exists();
            assertThat(dead).doesNotExist();
            assertThat(elsewhere).exists();
        }
    }

    @Test
    void processesCanClaimAndCloseFoldersConcurrently() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(PROCESSES);
        try {
            List<Callable<Void>> processes = new ArrayList<>();
            for (int i = 0; i < PROCESSES; i++) {
                String name = "p" + i;
                processes.add(() -> {
                    for (int n = 0; n < ROUNDS; n++) {
                        SpoolFolder.claim(parent, name + "-" + n).close();
                    }
                    return null;
                });
            }
            for (Future<Void> each : pool.invokeAll(processes)) {
                each.get();
            }
        } finally {
            pool.shutdownNow();
        }
        try (Stream<Path> left = Files.list(parent)) {
            assertThat(left).extracting(Path::getFileName).containsExactly(Path.of("lock"));
        }
    }
}
