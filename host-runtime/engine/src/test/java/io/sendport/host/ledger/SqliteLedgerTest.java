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
        try (Connection connection =
                        DriverManager.getConnection("jdbc:sqlite:" + store.name() + "?busy_timeout=30000");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getInt(1)).as("somebody holds back the log").isZero();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
