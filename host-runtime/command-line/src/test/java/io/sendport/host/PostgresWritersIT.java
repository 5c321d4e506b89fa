package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.host.box.MessageBox;
import io.sendport.host.ledger.Lane;
import io.sendport.host.store.commit.StoreException;
import io.sendport.testing.Patience;
import io.sendport.testing.SettableClock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Connections that write keep working after upkeep has deleted their rows while they were idle. */
@Timeout(600)
class PostgresWritersIT {

    private static final int THREADS = 16;
    private static final int WRITES = 200;

    @TempDir
    private Path folder;

    @Test
    void canWriteAfterTheirRowsWereDeleted() throws Exception {
        String url = TestPostgres.newDatabase();
        SettableClock clock = new SettableClock();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (MessageBox box = TestBox.open(TestPostgres.settings(url, folder), clock)) {
            assertThat(failures(threads, box, clock)).isEmpty();
            int swept = TestPostgres.execute(TestPostgres.database(url), "DELETE FROM writer");
            assertThat(swept).as("connections that wrote").isGreaterThan(1);
            assertThat(failures(threads, box, clock)).isEmpty();
            assertThat(TestPostgres.execute(TestPostgres.database(url), "UPDATE message SET size = size"))
                    .isEqualTo(2 * WRITES);
        } finally {
            threads.shutdownNow();
        }
    }

    /** It has the last commit of one connection and lacks that of another, and only the first writes afterwards. */
    @Test
    void detectAtOnceThatAServerLacksACommitOfAnotherWriter() throws Exception {
        String url = TestPostgres.newDatabase();
        SettableClock clock = new SettableClock();
        try (MessageBox box = TestBox.open(TestPostgres.settings(url, folder), clock)) {
            box.store().lookForLosses();
            box.store().lookForLosses();
            String database = TestPostgres.database(url);
            List<String> writers = TestPostgres.column(database, "SELECT id FROM writer");
            assertThat(writers).hasSize(2);
            for (String writer : writers) {
                assertThat(box.store().state().lost()).isEmpty();
                TestPostgres.execute(database, "UPDATE writer SET number = number - 1 WHERE id = '" + writer + "'");
                TestPostgres.column(
                        database,
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'sendport-%'");
                // Goes to the first connection each time, since no other write is under way.
                Patience.until("a write succeeds", () -> writes(box));
                assertThat(box.store().state().lost())
                        .hasValueSatisfying(why -> assertThat(why).contains("was committed but is missing now"));
                Patience.until("the other connection is back", () -> PostgresWritersIT.checks(box));
                box.losses().declare("test", Lane.Losing.NONE);
                TestPostgres.execute(database, "UPDATE store_state SET lost = NULL");
                box.store().lookForLosses();
            }
        }
    }

    private static boolean writes(MessageBox box) {
        return succeeds(() -> box.store().change(transaction -> {}));
    }

    private static boolean checks(MessageBox box) {
        return succeeds(() -> box.store().lookForLosses());
    }

    private static boolean succeeds(Runnable write) {
        try {
            write.run();
            return true;
        } catch (StoreException e) {
            // The server ended the connection; the next write opens a new one.
            assertThat(e.reason()).isEqualTo(StoreException.Reason.AWAY);
            return false;
        }
    }

    private static List<String> failures(ExecutorService threads, MessageBox box, SettableClock clock)
            throws InterruptedException {
        List<Future<?>> writes = new ArrayList<>();
        for (int i = 0; i < WRITES; i++) {
            writes.add(threads.submit(() -> TestBox.submit(box, clock, "P")));
        }
        List<String> failures = new ArrayList<>();
        for (Future<?> each : writes) {
            try {
                each.get();
            } catch (ExecutionException e) {
                failures.add(String.valueOf(e.getCause()));
            }
        }
        return failures;
    }
}
