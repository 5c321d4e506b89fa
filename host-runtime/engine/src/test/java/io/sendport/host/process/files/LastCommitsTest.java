package io.sendport.host.process.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.host.TestBox;
import io.sendport.host.box.MessageBox;
import io.sendport.host.ledger.Ledger;
import io.sendport.testing.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LastCommitsTest {

    private static final String ENDED = "machine-2147483647-aaaa";
    private static final Ledger.Head NOWHERE = new Ledger.Head(7, 7, "a".repeat(64));

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();

    private Path place() {
        return folder.resolve("postgres");
    }

    private Path noteOf(String process) {
        return folder.resolve("postgres.last-commit").resolve(process);
    }

    @Test
    void namesARecordThatAnEndedProcessCommittedAndTheLedgerLacks() throws IOException {
        LastCommits.of(place(), ENDED).note(0, NOWHERE);
        LastCommits later = LastCommits.of(place(), "machine-1-bbbb");

        try (MessageBox box = TestBox.open(folder, clock)) {
            assertThat(later.lost(box.ledger()))
                    .hasValueSatisfying(why -> assertThat(why).contains("7:7").contains(ENDED));
        }
    }

    @Test
    void aProcessThatStartsBesideAnotherDoesNotMissTheFilesThatTheOtherRemoved() throws IOException {
        LastCommits.of(place(), ENDED).note(0, NOWHERE);
        LastCommits later = LastCommits.of(place(), "machine-1-bbbb");
        Files.delete(noteOf(ENDED));

        try (MessageBox box = TestBox.open(folder, clock)) {
            assertThat(later.lost(box.ledger())).isEmpty();
        }
    }
}
