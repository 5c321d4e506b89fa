package io.sendport.host.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.config.MessageBoxSettings;
import io.sendport.host.TestBox;
import io.sendport.host.TestPostgres;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.PersonalData;
import io.sendport.host.box.control.Actor;
import io.sendport.host.ledger.checkpoint.Checkpoints;
import io.sendport.host.ledger.checkpoint.Pruning;
import io.sendport.host.ledger.privacy.AuditorCopies;
import io.sendport.host.ledger.privacy.Erasure;
import io.sendport.host.ledger.verify.Verification;
import io.sendport.host.store.Store;
import io.sendport.host.store.commit.Access;
import io.sendport.testing.InTurn;
import io.sendport.testing.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@InTurn
class PostgresLedgerIT extends LedgerContract {

    @TempDir
    private Path other;

    private final SettableClock clock = new SettableClock();

    @Override
    MessageBoxSettings settings(Path place) {
        return TestPostgres.settings(TestPostgres.newDatabase(), place);
    }

    @Override
    int execute(MessageBoxSettings there, String sql) {
        return TestPostgres.execute(TestPostgres.database(there.url()), sql);
    }

    @Override
    void requireNoReader(Store store) {
        long readers = store.read(handle -> handle.createQuery(
                        "SELECT count(*) FROM pg_stat_activity"
                                + " WHERE datname = current_database() AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%'")
                .mapTo(Long.class)
                .one());
        assertThat(readers).as("somebody holds a snapshot").isZero();
    }

    /** Two processes and a command line, each in a lane of its own. */
    private MessageBoxSettings written() throws Exception {
        MessageBoxSettings settings = settings(other);
        try (MessageBox first = MessageBox.open(settings, Access.CREATE, clock, Lane.of("first"));
                MessageBox second = MessageBox.open(settings, Access.CREATE, clock, Lane.of("second"));
                MessageBox command = TestBox.open(settings, clock)) {
            for (MessageBox each : List.of(first, second, command, second, first)) {
                TestBox.submit(each, clock, "P");
            }
            Checkpoints.of(settings.place(), Optional.empty()).make(first.ledger(), clock.instant(), "H", "i");
        }
        return settings;
    }

    @Test
    void prunesAndErasesOnlyWithTheRequiredPrivileges() throws Exception {
        MessageBoxSettings owner = settings(other);
        String database = TestPostgres.database(owner.url());
        MessageBoxSettings host = owner.as(Optional.of("host_of_" + database), Optional.empty());
        try (MessageBox box = MessageBox.open(owner, Access.CREATE, clock, Lane.shared())) {
            TestBox.send(box, clock, "jo@customer.example");
            Checkpoints.of(owner.place(), Optional.empty()).make(box.ledger(), clock.instant(), "H", "i");
            clock.advance(Duration.ofDays(31));
            box.upkeep().run();
        }
        for (String sql : List.of(
                "CREATE ROLE host_of_" + database + " LOGIN",
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO host_of_" + database,
                "REVOKE UPDATE, DELETE ON audit_segment, audit_key FROM host_of_" + database)) {
            TestPostgres.execute(database, sql);
        }
        Instant limit = clock.instant().minus(Duration.ofDays(10));
        try (MessageBox box = MessageBox.open(host, Access.WRITE, clock, Lane.shared())) {
            Checkpoints checkpoints = Checkpoints.of(host.place(), Optional.empty());
            assertThatThrownBy(() -> new Pruning(box.store(), box.ledger(), checkpoints)
                            .run(limit, clock.instant(), entry -> entry.by("H", "i")))
                    .hasMessageContaining("may not delete records; nothing was deleted");
            PersonalData data = new PersonalData(
                    box,
                    new Erasure(box.store(), box.ledger(), checkpoints),
                    AuditorCopies.of(host.place(), TestBox.ledgerSettings()));
            assertThatThrownBy(() -> data.erase(List.of("jo@customer.example"), false, new Actor("jo", "asked")))
                    .hasMessageContaining("may not erase records; nothing was erased");
            assertThat(TestBox.verify(box, host.place()).fault()).isEmpty();
            assertThat(statements()).as("nothing was signed").hasSize(1);
        }
        try (MessageBox box = MessageBox.open(owner, Access.WRITE, clock, Lane.shared())) {
            long deleted = new Pruning(box.store(), box.ledger(), Checkpoints.of(owner.place(), Optional.empty()))
                    .run(limit, clock.instant(), entry -> entry.by("H", "i"));
            assertThat(deleted).isPositive();
            assertThat(TestBox.verify(box, owner.place()).fault()).isEmpty();
        }
    }

    private List<String> statements() throws IOException {
        try (Stream<Path> files = Files.walk(other)) {
            return Files.readAllLines(files.filter(each -> each.endsWith("checkpoints.jsonl"))
                    .findFirst()
                    .orElseThrow());
        }
    }

    @Test
    void isValidInEveryLane() throws Exception {
        MessageBoxSettings settings = written();
        try (MessageBox box = TestBox.open(settings, clock)) {
            Verification.Finding finding = TestBox.verify(box, settings.place());
            assertThat(finding.fault()).isEmpty();
            assertThat(finding.records()).isEqualTo(6);
            assertThat(finding.anchoredTo()).containsExactly("0:1", "1:2", "2:2");
        }
    }

    @Test
    void findsALaneThatWasRemoved() throws Exception {
        MessageBoxSettings settings = written();
        execute(
                settings,
                "CREATE TABLE gone AS SELECT header::jsonb ->> 'message' AS message FROM audit_records WHERE lane = 2");
        execute(settings, "DELETE FROM audit_segment WHERE lane = 2");
        execute(settings, "DELETE FROM audit_lane WHERE lane = 2");
        execute(settings, "DELETE FROM message m WHERE EXISTS (SELECT 1 FROM gone g WHERE g.message = m.id)");
        try (MessageBox box = TestBox.open(settings, clock)) {
            assertThat(TestBox.verify(box, settings.place()).fault())
                    .hasValueSatisfying(fault -> assertThat(fault).contains("lane 2"));
        }
    }

    @Test
    void reusesAReleasedLane() throws Exception {
        MessageBoxSettings settings = written();
        List<Long> lanes = new ArrayList<>();
        try (MessageBox first = MessageBox.open(settings, Access.CREATE, clock, Lane.of("first"))) {
            first.ledger().releaseLane();
            try (MessageBox third = MessageBox.open(settings, Access.CREATE, clock, Lane.of("third"))) {
                TestBox.submit(third, clock, "P");
                TestBox.submit(first, clock, "P");
            }
            first.ledger().heads().forEach(head -> lanes.add(head.lane()));
            assertThat(TestBox.verify(first, settings.place()).fault()).isEmpty();
        }
        assertThat(lanes)
                .as("two lanes for three processes, and the one of the commands")
                .hasSizeBetween(3, 4);
    }
}
