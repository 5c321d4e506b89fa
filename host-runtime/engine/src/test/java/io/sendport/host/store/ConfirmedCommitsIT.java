package io.sendport.host.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.host.TestBox;
import io.sendport.host.TestPostgres;
import io.sendport.testing.InTurn;
import io.sendport.testing.SettableClock;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A row of a writer that is missing or behind is a loss, unless upkeep may have deleted it. */
@InTurn
class ConfirmedCommitsIT {

    @TempDir
    private Path folder;

    private String url;
    private String database;
    private Jdbi jdbi;

    @BeforeEach
    void makeTables() {
        url = TestPostgres.newDatabase();
        database = TestPostgres.database(url);
        TestBox.open(TestPostgres.settings(url, folder), new SettableClock()).close();
        TestPostgres.execute(database, "DELETE FROM writer");
        jdbi = Jdbi.create(url, "postgres", "");
    }

    /** A database clock that is so many hours behind. */
    private static DatabaseClock hoursBehind(int hours) {
        DatabaseClock clock = new DatabaseClock();
        clock.update(
                TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis() - TimeUnit.HOURS.toMillis(hours)),
                System.nanoTime());
        return clock;
    }

    private Optional<String> lacked(ConfirmedCommits confirmed) {
        return jdbi.withHandle(confirmed::findMissing);
    }

    private void write(long number) {
        TestPostgres.execute(
                database,
                "INSERT INTO writer (id, number, at) VALUES ('w', " + number
                        + ", 0) ON CONFLICT (id) DO UPDATE SET number = excluded.number");
    }

    @Test
    void reportsALossWhenARowIsMissingOrBehind() {
        ConfirmedCommits confirmed = new ConfirmedCommits(hoursBehind(0));
        assertThat(lacked(confirmed)).as("nothing was confirmed").isEmpty();
        confirmed.confirmed("w", 3);
        assertThat(lacked(confirmed)).hasValueSatisfying(why -> assertThat(why).contains("transaction 3", "-1"));
        write(2);
        assertThat(lacked(confirmed)).hasValueSatisfying(why -> assertThat(why).contains("transaction 3", "is 2"));
        write(3);
        assertThat(lacked(confirmed)).isEmpty();
        write(4);
        assertThat(lacked(confirmed)).as("the writer has committed meanwhile").isEmpty();
        confirmed.forget("w");
        write(1);
        assertThat(lacked(confirmed)).as("it has ended").isEmpty();
    }

    /** Also when this machine was suspended meanwhile, so that its own clocks stood still. */
    @Test
    void reportsNoLossWhenUpkeepMayHaveDeletedTheRow() {
        ConfirmedCommits confirmed = new ConfirmedCommits(hoursBehind(30));
        confirmed.confirmed("w", 3);
        assertThat(confirmed.mayBeSwept("w"))
                .as("before the database told its time")
                .isFalse();
        assertThat(lacked(confirmed)).isEmpty();
        assertThat(confirmed.mayBeSwept("w")).isTrue();
        write(2);
        assertThat(lacked(confirmed)).as("a row that is there tells").isPresent();
    }

    /** A process asks for the row of an interrupted commit within minutes. */
    @Test
    void upkeepKeepsTheRowsOfTheLastDay() {
        long now = System.currentTimeMillis();
        TestPostgres.execute(
                database,
                "INSERT INTO writer (id, number, at) VALUES ('new', 1, " + (now - TimeUnit.HOURS.toMillis(23))
                        + "), ('old', 1, " + (now - TimeUnit.HOURS.toMillis(25)) + ")");
        try (var box = TestBox.open(TestPostgres.settings(url, folder), new SettableClock())) {
            box.store().change(transaction -> box.store().sweep(transaction, Long.MAX_VALUE));
        }
        assertThat(TestPostgres.column(database, "SELECT id FROM writer WHERE id IN ('new', 'old')"))
                .containsExactly("new");
    }
}
