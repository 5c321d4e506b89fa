package io.sendport.host.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.config.MessageBoxSettings;
import io.sendport.host.TestBox;
import io.sendport.host.store.Store;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;

class SqliteLedgerTest extends LedgerContract {

    @Override
    MessageBoxSettings settings(Path place) {
        return TestBox.settings(place);
    }

    @Override
    int execute(MessageBoxSettings there, String sql) throws Exception {
        try (Connection connection = DriverManager.getConnection(there.url());
                Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
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
