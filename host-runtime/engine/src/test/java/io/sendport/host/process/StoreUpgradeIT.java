package io.sendport.host.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.config.MessageBoxSettings;
import io.sendport.host.TestBox;
import io.sendport.host.TestPostgres;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.control.Actor;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.ledger.Kind;
import io.sendport.host.store.StoreLock;
import io.sendport.host.store.commit.Access;
import io.sendport.host.store.commit.Schema;
import io.sendport.host.store.commit.StoreException;
import io.sendport.testing.InTurn;
import io.sendport.testing.Patience;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An upgrade changes tables only while no older program runs, and when a backup exists. */
@Timeout(300)
@InTurn
class StoreUpgradeIT {

    private static final int EARLIER = 12;
    private static final Actor JO = new Actor("jo", "new version");
    private static final Duration BRIEFLY = Duration.ofMillis(300);

    @TempDir
    private Path folder;

    private final List<String> progress = new CopyOnWriteArrayList<>();

    private StoreUpgrade upgrade(MessageBoxSettings settings, Duration patience) {
        return new StoreUpgrade(settings, patience, progress::add);
    }

    private MessageBoxSettings postgres() {
        String url = TestPostgres.newDatabase();
        TestBox.makeTables(url, "postgresql", EARLIER);
        return TestPostgres.settings(url, folder);
    }

    private static String value(MessageBoxSettings settings, String sql) {
        return TestPostgres.column(TestPostgres.database(settings.url()), sql).get(0);
    }

    private static String version(MessageBoxSettings settings) {
        return value(settings, "SELECT max(version::int)::text FROM flyway_schema_history");
    }

    private static void execute(MessageBoxSettings settings, String sql) {
        TestPostgres.execute(TestPostgres.database(settings.url()), sql);
    }

    /** As an earlier program does, and renews its lease last at {@code seenAt}. */
    private static void startEarlier(MessageBoxSettings settings, long seenAt) {
        execute(
                settings,
                "INSERT INTO instance (id, host, started_at, seen_at, program) VALUES ('Mail@one', 'Mail', 1, " + seenAt
                        + ", 1)");
    }

    private static AuditRecord migrated(MessageBoxSettings settings) {
        List<AuditRecord> found = new CopyOnWriteArrayList<>();
        try (MessageBox box = MessageBox.open(settings, Access.READ, Clock.systemUTC())) {
            box.ledger().read(AuditFilter.all().ofKinds(List.of(Kind.MIGRATED)), found::add);
        }
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    @Test
    void doesNotChangeADatabaseUntilABackupIsNamed() {
        MessageBoxSettings settings = postgres();
        String before = value(settings, "SELECT min_program::text FROM store_state");
        assertThatThrownBy(() -> upgrade(settings, BRIEFLY).run("", JO))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("--backup")
                .hasMessageContaining("Nothing has been changed");
        assertThat(version(settings)).isEqualTo(String.valueOf(EARLIER));
        assertThat(value(settings, "SELECT min_program::text FROM store_state"))
                .as("older programs go on")
                .isEqualTo(before);
        upgrade(settings, BRIEFLY).run("dump of Monday", JO);
        assertThat(version(settings)).isEqualTo(String.valueOf(Schema.VERSION));
        assertThat(migrated(settings).detail("detail")).contains("backup: dump of Monday");
        assertThat(migrated(settings).detail("actor")).isEqualTo("jo");
    }

    /** The older instance takes nothing new, and the tables change only after it has ended. */
    @Test
    void fencesInstancesOfAnOlderVersionAndWaitsForThemToEnd() throws Exception {
        MessageBoxSettings settings = postgres();
        long now = System.currentTimeMillis();
        startEarlier(settings, now + 3_600_000);

        assertThatThrownBy(() -> upgrade(settings, BRIEFLY).run("dump", JO))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("Mail@one")
                .hasMessageContaining("no table was changed");
        assertThat(version(settings)).isEqualTo(String.valueOf(EARLIER));
        assertThat(value(settings, "SELECT min_program::text FROM store_state"))
                .as("no older program claims or submits any more")
                .isEqualTo(String.valueOf(Schema.PROGRAM));

        CompletableFuture<Optional<String>> waiting = CompletableFuture.supplyAsync(
                () -> upgrade(settings, Patience.LIMIT).run("dump", JO));
        Patience.until("it waits", () -> progress.stream().anyMatch(line -> line.contains("waiting for instances")));
        assertThat(version(settings)).isEqualTo(String.valueOf(EARLIER));
        execute(settings, "UPDATE instance SET stopped_at = " + now + " WHERE id = 'Mail@one'");
        assertThat(waiting.get()).hasValueSatisfying(done -> assertThat(done).contains("to " + Schema.VERSION));
        assertThat(version(settings)).isEqualTo(String.valueOf(Schema.VERSION));
    }

    @Test
    void doesNotWaitForAnInstanceWhoseLeaseHasExpired() {
        MessageBoxSettings settings = postgres();
        startEarlier(settings, 1);
        assertThat(upgrade(settings, BRIEFLY).run("dump", JO)).isPresent();
        assertThat(version(settings)).isEqualTo(String.valueOf(Schema.VERSION));
    }

    @Test
    void backsUpAndUpgradesAFileWhenItsProcessEnds() throws Exception {
        MessageBoxSettings settings = TestBox.settings(folder);
        TestBox.makeTables(settings.url(), "sqlite", EARLIER);
        StoreLock other = StoreLock.take(settings.place());
        assertThatThrownBy(() -> upgrade(settings, BRIEFLY).run("", JO)).isInstanceOf(StoreException.class);
        assertThat(backups()).as("nothing was done").isEmpty();

        CompletableFuture<Optional<String>> waiting = CompletableFuture.supplyAsync(
                () -> upgrade(settings, Patience.LIMIT).run("", JO));
        Patience.until(
                "it waits",
                () -> progress.stream().filter(line -> line.contains("waiting")).count() >= 2);
        other.release();
        assertThat(waiting.get()).isPresent();
        assertThat(backups()).hasSize(1);
        assertThat(migrated(settings).detail("detail")).contains(backups().get(0));
    }

    private List<String> backups() throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(each -> String.valueOf(each.getFileName()))
                    .filter(name -> name.contains(".before-v" + Schema.VERSION))
                    .toList();
        }
    }
}
