package io.sendport.host.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.config.MessageBoxSettings;
import io.sendport.host.TestBox;
import io.sendport.host.TestPostgres;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.control.Actor;
import io.sendport.host.ledger.Lane;
import io.sendport.host.ledger.checkpoint.Checkpoints;
import io.sendport.host.ledger.checkpoint.Notice;
import io.sendport.host.ledger.checkpoint.Trust;
import io.sendport.host.ledger.verify.Verification;
import io.sendport.host.process.files.LastCommits;
import io.sendport.host.store.commit.Access;
import io.sendport.testing.InTurn;
import io.sendport.testing.SettableClock;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A database that was put back to a moment before a lane of the ledger began, and goes on with a lane of its own. */
@Timeout(300)
@InTurn
class LostLaneIT {

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();

    private MessageBox open(MessageBoxSettings settings, String owner) {
        return MessageBox.open(settings, Access.WRITE, clock, Lane.of(owner));
    }

    private Checkpoints checkpoints(MessageBoxSettings settings) {
        return Checkpoints.of(settings.place(), Optional.empty());
    }

    private Verification.Finding verify(MessageBoxSettings settings, Verification.Auditor auditor) {
        try (MessageBox box = MessageBox.open(settings, Access.READ, clock)) {
            return new Verification(box.store(), checkpoints(settings), auditor, held -> {}).run();
        }
    }

    private void send(MessageBox box, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            TestBox.send(box, clock, "a" + i + "@customer.example");
        }
    }

    @Test
    void aLaneWhoseNumberWasUsedBeforeTheLossIsNotContinued() throws Exception {
        String before = TestPostgres.newDatabase();
        MessageBoxSettings settings = TestPostgres.settings(before, folder);
        // The first to open the database makes its tables.
        TestBox.open(settings, clock).close();
        try (MessageBox box = open(settings, "one")) {
            send(box, 1);
            checkpoints(settings).make(box.ledger(), clock.instant(), "H", "one");
        }
        String copy = TestPostgres.newDatabase();
        String name = TestPostgres.database(copy);
        TestPostgres.execute("postgres", "DROP DATABASE " + name);
        TestPostgres.execute("postgres", "CREATE DATABASE " + name + " TEMPLATE " + TestPostgres.database(before));
        try (MessageBox one = open(settings, "one");
                MessageBox two = open(settings, "two")) {
            send(one, 2);
            send(two, 1);
            checkpoints(settings).make(one.ledger(), clock.instant(), "H", "one");
        }

        MessageBoxSettings after = TestPostgres.settings(copy, folder);
        try (MessageBox one = open(after, "three");
                MessageBox two = open(after, "four")) {
            LedgerMaintenance care = new LedgerMaintenance(one, after.place(), TestBox.ledgerSettings());
            new StoreWatch(one, care, Optional.of(LastCommits.open(after.place(), "three"))).start();
            assertThat(one.losses().declared()).isPresent();
            // More than what was lost.
            for (int i = 0; i < 12; i++) {
                TestBox.submit(one, clock, "P");
                TestBox.submit(two, clock, "P");
            }
            checkpoints(after).make(one.ledger(), clock.instant(), "H", "three");
            one.losses().accept(new Actor("jo", "put back to noon"), checkpoints(after));
            send(one, 1);
            send(two, 1);
            checkpoints(after).make(one.ledger(), clock.instant(), "H", "three");
        }
        Verification.Finding finding = verify(after, Verification.Auditor.DEFAULT);
        assertThat(finding.fault()).isEmpty();
        assertThat(finding.notices()).hasSize(1);
        Set<String> accepted = finding.notices().stream().map(Notice::id).collect(Collectors.toSet());
        assertThat(verify(after, new Verification.Auditor(Trust.FIRST_USE, accepted))
                        .isClean())
                .isTrue();
    }
}
