package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sendport.testing.InTurn;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** No speed is bought with durability: what the kernel is asked to do says so. */
@Timeout(600)
@InTurn
class SyncCountIT {

    private static final int MESSAGES = 30;

    @TempDir
    private Path folder;

    @Test
    void syncsTheLogBeforeEachAcknowledgedSubmitAndResult() throws Exception {
        requireSyncs(folder.resolve("host"));
    }

    /** SQLite keeps its log where the link leads to. */
    @Test
    void syncsTheLogOfAStoreBehindASymbolicLink() throws Exception {
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        Path var = Files.createDirectories(folder.resolve("linked/var"));
        Files.createFile(elsewhere.resolve("sendport.db"));
        Files.createSymbolicLink(var.resolve("sendport.db"), elsewhere.resolve("sendport.db"));
        requireSyncs(folder.resolve("linked"));
        assertThat(elsewhere.resolve("sendport.db")).isNotEmptyFile();
    }

    private void requireSyncs(Path host) throws Exception {
        assumeTrue(Traced.isPossible(), "strace");
        Path trace = folder.resolve("trace");
        Traced.run(
                folder,
                host,
                MESSAGES,
                List.of("-y", "-s", "64", "-e", "trace=fsync,fdatasync,write", "-o", trace.toString()));
        int syncs = 0;
        int submitted = 0;
        int sent = 0;
        Set<String> syncing = new HashSet<>();
        for (String line : Files.readAllLines(trace, StandardCharsets.ISO_8859_1)) {
            String thread = line.substring(0, line.indexOf(' '));
            boolean ofLog = line.matches(".*sync\\(\\d+<.*sendport\\.db-wal>.*");
            if (ofLog && line.endsWith("<unfinished ...>")) {
                syncing.add(thread);
            } else if ((ofLog || (line.contains("sync resumed>") && syncing.remove(thread))) && line.contains(" = 0")) {
                syncs++;
            } else if (line.contains("\"submitted ")) {
                assertThat(syncs).as("syncs before " + line).isPositive();
                submitted++;
                syncs = 0;
            } else if (line.contains("\"sent ")) {
                // One of the attempt before the mail, one of the result after it.
                assertThat(syncs).as("syncs before " + line).isGreaterThanOrEqualTo(2);
                sent++;
                syncs = 0;
            }
        }
        assertThat(List.of(submitted, sent)).containsExactly(MESSAGES, MESSAGES);
    }
}
