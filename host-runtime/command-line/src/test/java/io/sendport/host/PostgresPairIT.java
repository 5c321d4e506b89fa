package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The pair of servers that other tests rely on loses nothing when it is synchronous. */
@Timeout(300)
class PostgresPairIT {

    @TempDir
    private Path folder;

    @Test
    void keepsEveryCommitWhenThePrimaryIsKilledAndTheStandbyPromoted() throws Exception {
        Path data = folder.resolve("pair");
        long began = System.nanoTime();
        try (PostgresPair pair = new PostgresPair(data)) {
            System.out.println("pair: started in " + (System.nanoTime() - began) / 1_000_000 + " ms");
            try (Connection connection = connect(pair);
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE t (n INT)");
                statement.execute("INSERT INTO t VALUES (1)");
            }
            assertThat(pair.onPrimary("SELECT sync_state FROM pg_stat_replication"))
                    .isEqualTo("sync");
            pair.stopStandby();
            pair.startStandby();
            try (Connection connection = connect(pair);
                    Statement statement = connection.createStatement()) {
                statement.execute("INSERT INTO t VALUES (2)");
            }
            pair.killPrimary();
            pair.promoteStandby();
            try (Connection connection = connect(pair);
                    Statement statement = connection.createStatement()) {
                statement.execute("INSERT INTO t VALUES (3)");
            }
            assertThat(pair.onStandby("SELECT sum(n) FROM t")).isEqualTo("6");
        }
        assertThat(data).doesNotExist();
    }

    private static Connection connect(PostgresPair pair) throws Exception {
        return DriverManager.getConnection(pair.url() + "&user=postgres");
    }
}
