package io.sendport.host.box;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.config.MessageBoxSettings;
import io.sendport.host.TestPostgres;
import io.sendport.testing.InTurn;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

@InTurn
class PostgresMessageBoxIT extends MessageBoxContract {

    @Override
    MessageBoxSettings settings(Path place) {
        return TestPostgres.settings(TestPostgres.newDatabase(), place);
    }

    /** What a host asks many times a second must not get slower with what waits. */
    @Test
    void usesIndexesForFrequentQueries() {
        box().store().change(transaction -> {
            transaction
                    .handle()
                    .execute(
                            "INSERT INTO message (id, port, host, application, state, queued, submitted_at, due_at, size, context, digest)"
                                    + " SELECT 'id' || n, CASE WHEN n % 500 = 0 THEN 'P1' ELSE 'P0' END, 'H', '', 'WAITING', 1, n, n, 1, '{}', '' FROM generate_series(1, 50000) n");
            transaction
                    .handle()
                    .execute("UPDATE message SET state = 'DONE', queued = 0, ended_at = submitted_at"
                            + " WHERE submitted_at % 10 = 9");
            transaction.handle().execute("ANALYZE message");
        });
        assertThat(plan(
                        "SELECT seq FROM message WHERE port = 'P1' AND queued = 1 AND due_at <= 40000 ORDER BY due_at, seq"
                                + " LIMIT 8 FOR UPDATE SKIP LOCKED"))
                .contains("using message_queue")
                .doesNotContain("Seq Scan", "Sort");
        assertThat(plan("SELECT min(seq) FROM message WHERE port = 'P1' AND ended_at IS NULL"))
                .contains("using message_order")
                .doesNotContain("Seq Scan");
        assertThat(plan("SELECT * FROM message WHERE lease_owner = 'i'")).contains("message_leased");
        assertThat(plan("SELECT seq FROM message WHERE ended_at < 5 LIMIT 100")).contains("message_ended");
        assertThat(plan("SELECT lane, segment FROM audit_key WHERE key IN ('m:1', 'm:2') AND lane = 0 AND segment > 5"))
                .as("all records of a message are found by it")
                .contains("audit_key_pkey");
        box().store().change(transaction -> transaction.handle().execute("DELETE FROM message"));
    }

    /** The limit must not depend on the plan: a subquery in {@code IN} may be run again for each row that it is compared with. */
    @Test
    void claimsNoMoreForcedMessagesThanItsLimitWhateverThePlannerChooses() {
        String database = TestPostgres.database(box().store().name());
        for (String choice : List.of("hashagg", "sort", "hashjoin", "mergejoin", "material", "memoize")) {
            // Before the first connection that writes.
            TestPostgres.execute("postgres", "ALTER DATABASE " + database + " SET enable_" + choice + " = off");
        }
        submitForced(20);
        assertThat(box().claims().claimForced("P", "i", 5, false))
                .extracting(MessageRow::seq)
                .hasSize(5);
        assertThat(box().claims().claimForced("P", "i", 1, true)).isEmpty();
        box().store().change(transaction -> transaction
                .handle()
                .execute("UPDATE message SET queued = 2, state = 'WAITING', lease_owner = NULL WHERE port = 'P'"));
        assertThat(box().suspects().claim("P", "i", false, false))
                .as("suspects go one at a time")
                .hasSize(1);
    }

    private String plan(String sql) {
        return box().store()
                .read(handle -> handle.createQuery("EXPLAIN " + sql)
                        .map((row, context) -> row.getString(1))
                        .list())
                .toString();
    }
}
