package io.sendport.host.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.config.MessageBoxSettings;
import io.sendport.host.TestPostgres;
import io.sendport.host.store.commit.Access;
import io.sendport.host.store.commit.Schema;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Several hosts that start on a new database at the same time all start. One makes the tables, and none of the others may take tables
 * that are being made for those of an earlier version.
 */
@Timeout(120)
class TablesAtOnceIT {

    private static final String VERSION = "SELECT to_regclass('flyway_schema_history') IS NOT NULL";

    @TempDir
    private Path folder;

    @Test
    void readersNeverSeePartOfTheTables() throws Exception {
        String url = TestPostgres.newDatabase();
        MessageBoxSettings settings = TestPostgres.settings(url, folder);
        CompletableFuture<Void> making = CompletableFuture.runAsync(
                () -> Store.open(settings, Access.CREATE).close());
        Set<Integer> seen = new TreeSet<>();
        try (Connection connection = DriverManager.getConnection(url, "postgres", "");
                Statement statement = connection.createStatement()) {
            while (!making.isDone()) {
                seen.add(version(statement));
            }
            seen.add(version(statement));
        }
        making.get();
        assertThat(seen).containsExactly(0, Schema.VERSION);
    }

    private static int version(Statement statement) throws Exception {
        try (ResultSet row = statement.executeQuery(VERSION)) {
            row.next();
            if (!row.getBoolean(1)) {
                return 0;
            }
        }
        try (ResultSet row =
                statement.executeQuery("SELECT coalesce(max(version::int), 0) FROM flyway_schema_history")) {
            row.next();
            return row.getInt(1);
        }
    }
}
