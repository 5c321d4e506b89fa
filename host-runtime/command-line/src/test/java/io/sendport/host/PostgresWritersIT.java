package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.host.box.MessageBox;
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
    void refuseNoWriteAfterTheirRowsWereSwept() throws Exception {
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
