package io.sendport.host.box;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.message.Body;
import io.sendport.config.MessageBoxSettings;
import io.sendport.host.TestBox;
import io.sendport.host.ledger.Lane;
import io.sendport.host.store.CountedStore;
import io.sendport.testing.SettableClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deletions let other writers in between: each transaction deletes a few hundred rows at most. */
class UpkeepBatchesTest {

    private static final int MESSAGES = 1_200;
    private static final int MAX_IN_A_TRANSACTION = 300;
    private static final int DAYS = 40;

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();

    @Test
    void messagesAndKeysAreDeletedInManyTransactions() throws Exception {
        MessageBoxSettings settings = TestBox.settings(folder);
        CountedStore store = new CountedStore(settings.place());
        try (MessageBox box = MessageBox.open(store.open(), settings, clock, Lane.shared())) {
            for (int i = 0; i < MESSAGES; i++) {
                TestBox.submit(box, clock, "P", Body.of("x", StandardCharsets.US_ASCII), Optional.of("key " + i));
            }
            box.store().change(transaction -> transaction
                    .handle()
                    .execute("UPDATE message SET state = 'TERMINATED', queued = 0, ended_at = ?", clock.millis()));
            // Keys are kept for a week, messages for a month.
            require("dedupe", box, store);
            require("message", box, store);
        }
    }

    private void require(String table, MessageBox box, CountedStore store) {
        long rows = rows(table, box);
        assertThat(rows).isEqualTo(MESSAGES);
        long idle = 0;
        long deleting = 0;
        // Retention follows the clock by two days a day.
        for (int day = 0; day < DAYS && deleting == 0; day++) {
            clock.advance(Duration.ofDays(1));
            long before = store.commits();
            box.upkeep().run();
            long commits = store.commits() - before;
            if (rows(table, box) == rows) {
                idle = commits;
            } else {
                deleting = commits;
            }
        }
        assertThat(rows(table, box)).as("rows of " + table).isZero();
        assertThat(deleting - idle)
                .as("transactions that deleted " + rows + " rows of " + table)
                .isGreaterThanOrEqualTo(rows / MAX_IN_A_TRANSACTION);
    }

    private static long rows(String table, MessageBox box) {
        return box.store().read(handle -> handle.createQuery("SELECT count(*) FROM " + table)
                .mapTo(Long.class)
                .one());
    }
}
