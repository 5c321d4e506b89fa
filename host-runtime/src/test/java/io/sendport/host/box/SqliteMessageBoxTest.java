package io.sendport.host.box;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.config.MessageBoxSettings;
import io.sendport.host.TestBox;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SqliteMessageBoxTest extends MessageBoxContract {

    @Override
    MessageBoxSettings settings(Path place) {
        return TestBox.settings(place);
    }

    /** What a host asks many times a second must not get slower with what waits. */
    @Test
    void findsWhatIsNextByAnIndexHoweverMuchWaits() {
        TestBox.submit(box(), clock(), "P");
        assertThat(
                        plan(
                                "SELECT seq FROM message WHERE port = 'P' AND queued = 1 AND due_at <= 5 ORDER BY due_at, seq LIMIT 8"))
                .contains("USING", "INDEX message_queue")
                .doesNotContain("SCAN", "TEMP B-TREE");
        assertThat(plan("SELECT min(seq) FROM message WHERE port = 'P' AND ended_at IS NULL"))
                .contains("INDEX message_order")
                .doesNotContain("SCAN");
        assertThat(plan("SELECT min(seq) FROM message WHERE port = 'P' AND ended_at IS NULL AND state <> 'SUSPENDED'"))
                .contains("INDEX message_order")
                .doesNotContain("SCAN", "TEMP B-TREE");
        assertThat(plan("SELECT * FROM message WHERE lease_owner = 'i'")).contains("INDEX message_leased");
        assertThat(plan("SELECT seq FROM message WHERE ended_at < 5 LIMIT 100")).contains("INDEX message_ended");
    }

    private String plan(String sql) {
        return box().store()
                .read(handle -> handle.createQuery("EXPLAIN QUERY PLAN " + sql)
                        .map((row, context) -> row.getString("detail"))
                        .list())
                .toString();
    }
}
