package io.sendport.host.process.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.host.TestBox;
import io.sendport.host.box.MessageBox;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.store.commit.ServerIdentity;
import io.sendport.testing.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    void reportsACommittedRecordThatIsMissingFromTheLedger() throws IOException {
        LastCommits.open(place(), ENDED).note(0, NOWHERE);
        LastCommits later = LastCommits.open(place(), "machine-1-bbbb");

        try (MessageBox box = TestBox.open(folder, clock)) {
            assertThat(later.lost(box.ledger(), Optional.empty()))
                    .hasValueSatisfying(why -> assertThat(why).contains("7:7").contains(ENDED));
        }
    }

    @Test
    void reportsNoLossWhenAnotherProcessDeletesTheFile() throws IOException {
        LastCommits.open(place(), ENDED).note(0, NOWHERE);
        LastCommits later = LastCommits.open(place(), "machine-1-bbbb");
        Files.delete(noteOf(ENDED));

        try (MessageBox box = TestBox.open(folder, clock)) {
            assertThat(later.lost(box.ledger(), Optional.empty())).isEmpty();
        }
    }

    private Optional<String> lost(ServerIdentity noted, ServerIdentity now) throws IOException {
        LastCommits.open(place(), ENDED).note(noted);
        try (MessageBox box = TestBox.open(folder, clock)) {
            return LastCommits.open(place(), "machine-1-bbbb").lost(box.ledger(), Optional.of(now));
        }
    }

    @Test
    void reportsAnOlderTimelineOfTheSameSystem() throws IOException {
        assertThat(lost(new ServerIdentity(-5, 3), new ServerIdentity(-5, 2))).hasValueSatisfying(why -> assertThat(why)
                .contains("timeline 2 of system 18446744073709551611", "timeline 3 was used before"));
    }

    @ParameterizedTest
    @CsvSource({"5, 3", "5, 4", "6, 1"})
    void reportsNoLossOnTheSameServerAPromotedStandbyOrANewDatabase(long system, long timeline) throws IOException {
        assertThat(lost(new ServerIdentity(5, 3), new ServerIdentity(system, timeline)))
                .isEmpty();
    }

    @Test
    void namesBothServersOfARecordThatIsMissing() throws IOException {
        LastCommits.open(place(), ENDED).note(0, NOWHERE);

        assertThat(lost(new ServerIdentity(5, 3), new ServerIdentity(5, 4))).hasValueSatisfying(why -> assertThat(why)
                .contains("7:7", "on timeline 3 of system 5, is missing on timeline 4 of system 5"));
    }
}
