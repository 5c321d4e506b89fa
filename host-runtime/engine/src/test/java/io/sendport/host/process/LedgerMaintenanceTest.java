package io.sendport.host.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.config.MessageBoxSettings;
import io.sendport.host.TestBox;
import io.sendport.host.box.MessageBox;
import io.sendport.testing.SettableClock;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerMaintenanceTest {

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();

    /** As a process does that starts. */
    private String faultOfACheckpoint(MessageBox box, MessageBoxSettings settings) throws Exception {
        TestBox.submit(box, clock, "P");
        LedgerMaintenance care = new LedgerMaintenance(box, settings.place(), TestBox.ledgerSettings());
        care.checkpoint("H", "i");
        care.checkKey();
        return care.checkpointFault();
    }

    @Test
    void reportsAFaultUntilALostKeyFileIsRestored() throws Exception {
        MessageBoxSettings settings = TestBox.settings(folder);
        Path key = settings.place().resolveSibling(settings.place().getFileName() + ".ledger-key.pem");
        Path aside = folder.resolve("aside.pem");
        try (MessageBox box = TestBox.open(settings, clock)) {
            assertThat(faultOfACheckpoint(box, settings)).isEmpty();
            Files.move(key, aside);
            assertThat(faultOfACheckpoint(box, settings)).contains("count for all records", "put its file");
            assertThat(faultOfACheckpoint(box, settings)).contains("count for all records");
            Files.delete(key);
            Files.move(aside, key);
            assertThat(faultOfACheckpoint(box, settings)).isEmpty();
        }
    }
}
