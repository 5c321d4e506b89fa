package io.sendport.host.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.config.MessageBoxSettings;
import io.sendport.host.TestBox;
import io.sendport.host.box.MessageBox;
import io.sendport.host.store.Store;
import io.sendport.testing.SettableClock;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteLedgerTest extends LedgerContract {

    @Override
    MessageBoxSettings settings(Path place) {
        return TestBox.settings(place);
    }

    @Override
    int execute(MessageBoxSettings there, String sql) throws Exception {
        try (Connection connection = DriverManager.getConnection(there.url());
                Statement statement = connection.createStatement()) {
            // Who can write to the file can drop it.
            statement.execute("DROP TRIGGER IF EXISTS audit_segment_fixed");
            return statement.executeUpdate(sql);
        }
    }

    @Test
    void neverChangesMoreOfASegmentThanItsPrivateParts(@TempDir Path folder) throws Exception {
        MessageBoxSettings settings = TestBox.settings(folder);
        try (MessageBox box = TestBox.open(settings, new SettableClock());
                Connection connection = DriverManager.getConnection(settings.url());
                Statement statement = connection.createStatement()) {
            box.ledger().record(Entry.of(Kind.CONFIG_LOADED));
            for (String column : List.of("lane", "first_seq", "last_seq", "min_at", "max_at", "kinds", "headers")) {
                assertThatThrownBy(() -> statement.execute("UPDATE audit_segment SET " + column + " = " + column))
                        .as(column)
                        .hasMessageContaining("a segment of the ledger is never changed");
            }
            assertThat(statement.executeUpdate("UPDATE audit_segment SET private = private"))
                    .isEqualTo(1);
        }
    }

    @Override
    void requireNoReader(Store store) {
        // SQLite waits for readers, and not for a checkpoint of the store's own that happens to run.
        String url = "jdbc:sqlite:" + store.name() + "?busy_timeout=5000";
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        try {
            boolean emptied = isEmptied(url);
            while (!emptied && System.nanoTime() - deadline < 0) {
                emptied = isEmptied(url);
            }
            assertThat(emptied).as("nobody holds back the log").isTrue();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isEmptied(String url) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
            return row.next() && row.getInt(1) == 0;
        }
    }
}
