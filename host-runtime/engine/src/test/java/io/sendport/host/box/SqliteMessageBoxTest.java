package io.sendport.host.box;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.config.MessageBoxSettings;
import io.sendport.host.TestBox;
import io.sendport.host.box.control.Reports;
import io.sendport.host.store.DiskFailure;
import io.sendport.host.store.commit.Access;
import io.sendport.host.store.commit.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SqliteMessageBoxTest extends MessageBoxContract {

    @Override
    MessageBoxSettings settings(Path place) {
        return TestBox.settings(place);
    }

    /** As after a disk that failed under any process: the log is the only place that has everything. */
    @Test
    void refusesWritesAfterADiskFailureUntilRecovery() throws Exception {
        TestBox.submit(box(), clock(), "P");
        MessageBoxSettings settings = TestBox.settings(folder());
        Path mark = settings.place().resolveSibling("sendport.db.disk-failed");
        Files.createFile(mark);
        assertThatThrownBy(() -> MessageBox.open(settings, Access.WRITE, clock()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("until you restart `sendport run`");
        try (MessageBox reading = MessageBox.open(settings, Access.READ, clock())) {
            assertThat(reading.queries().list(MessageFilter.all(), Optional.empty()))
                    .hasSize(1);
        }
        assertThatThrownBy(() -> DiskFailure.recover(settings.place()))
                .as("others have it open, and go by an index of the log")
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("open");
        assertThat(mark).exists();
        box().close();
        DiskFailure.recover(settings.place());
        assertThat(mark).doesNotExist();
        reopen();
        TestBox.submit(box(), clock(), "P");
    }

    @Test
    void stopsWritingWhenAnotherProcessDetectsADiskFailure() throws Exception {
        TestBox.submit(box(), clock(), "P");
        Path mark = TestBox.settings(folder()).place().resolveSibling("sendport.db.disk-failed");
        Files.createFile(mark);
        assertThatThrownBy(() -> TestBox.submit(box(), clock(), "P")).isInstanceOf(StoreException.class);
        assertThat(box().store().fault()).hasValueSatisfying(why -> assertThat(why)
                .contains("another process found that the disk failed; nothing more is written"));
        Files.delete(mark);
    }

    /** What a host asks many times a second must not get slower with what waits. */
    @Test
    void usesIndexesForFrequentQueries() {
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

    /** Pages and monitoring ask for these all day, of a message box in which a million messages may wait. */
    @Test
    void countsMessagesInTroubleWithoutReadingWaitingMessages() {
        assertThat(plan("SELECT port, count(*) FROM message WHERE ended_at IS NULL GROUP BY port"))
                .contains("INDEX message_order")
                .doesNotContain("TEMP B-TREE");
        assertThat(plan("SELECT count(*) FROM message m WHERE m.ended_at IS NULL AND m." + MessageFilter.IN_TROUBLE
                        + " AND m.state IN ('SUSPENDED', 'IN_DOUBT')"))
                .contains("INDEX message_trouble");
        assertThat(plan("SELECT count(*) FROM message m WHERE m.lease_owner IS NOT NULL AND m.state = 'SENDING'"))
                .contains("INDEX message_leased");
        assertThat(plan(Reports.FORGET.replace("port = ?", "port = 'P'").replace("?", "1")))
                .contains("SEARCH port_hour USING PRIMARY KEY (port=? AND hour<?)");
        assertThat(plan(Reports.PORTS_COUNTED.replace("?", "1")))
                .contains("PRIMARY KEY (port>?)", "PRIMARY KEY (port=? AND hour<?)")
                .doesNotContain("SCAN h", "SCAN port_hour");
    }

    /** Lists must not get slower with what they do not show. */
    @Test
    void listsByPortAndTimeWithoutReadingOtherMessages() {
        String newest = " AND seq >= 0 AND seq < 9999 ORDER BY seq DESC LIMIT 51";
        assertThat(plan("SELECT * FROM message m WHERE m.port IN ('P') AND m.ended_at IS NOT NULL" + newest))
                .contains("INDEX message_history (port=? AND seq>? AND seq<?)")
                .doesNotContain("TEMP B-TREE");
        assertThat(plan("SELECT * FROM message m WHERE m.port IN ('P') AND m.ended_at IS NULL" + newest))
                .contains("INDEX message_order (port=? AND seq>? AND seq<?)")
                .doesNotContain("TEMP B-TREE");
        assertThat(plan("SELECT * FROM message m WHERE m." + MessageFilter.ENDED_UNDELIVERED
                        + " AND m.state IN ('TERMINATED')" + newest))
                .contains("INDEX message_undelivered (state=? AND seq>? AND seq<?)");
        assertThat(plan("SELECT min(seq + 0) FROM message WHERE submitted_at >= 5"))
                .contains("COVERING INDEX message_time (submitted_at>?)");
        assertThat(plan("SELECT port, count(*) FROM message WHERE ended_at IS NOT NULL GROUP BY port"))
                .contains("INDEX message_history")
                .doesNotContain("TEMP B-TREE");
    }

    private String plan(String sql) {
        return box().store()
                .read(handle -> handle.createQuery("EXPLAIN QUERY PLAN " + sql)
                        .map((row, context) -> row.getString("detail"))
                        .list())
                .toString();
    }
}
