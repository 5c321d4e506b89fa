package io.sendport.host.ledger;

import io.sendport.config.MessageBoxSettings;
import io.sendport.host.TestBox;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
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
}
