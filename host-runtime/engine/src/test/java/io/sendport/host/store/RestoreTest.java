package io.sendport.host.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup in place of a store that a crash left behind: with a log, or damaged. */
class RestoreTest {

    private static final int ROWS = 5_000;

    @TempDir
    private Path folder;

    private Path backup;
    private Path store;

    /** The files of a store as {@code kill -9} leaves them, and a backup from before its rows. */
    @BeforeEach
    void crash() throws Exception {
        Path live = folder.resolve("live.db");
        backup = folder.resolve("backup.db");
        store = Files.createDirectory(folder.resolve("var")).resolve("sendport.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + live);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, text TEXT)");
            statement.execute("VACUUM INTO '" + backup + "'");
            statement.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + ROWS
                    + ") INSERT INTO t SELECT i, hex(randomblob(50)) FROM n");
            for (String ending : List.of("", "-wal", "-shm")) {
                Files.copy(beside(live, ending), beside(store, ending));
            }
        }
    }

    private static Path beside(Path file, String ending) {
        return file.resolveSibling(file.getFileName() + ending);
    }

    private void restore() throws Exception {
        Restore.swap(Restore.beside(backup, store), store, "aside", replaced -> {});
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + store);
                Statement statement = connection.createStatement()) {
            assertThat(first(statement, "PRAGMA integrity_check")).isEqualTo("ok");
            assertThat(first(statement, "SELECT count(*) FROM t")).isEqualTo("0");
        }
    }

    private static String first(Statement statement, String sql) throws Exception {
        try (ResultSet row = statement.executeQuery(sql)) {
            return row.getString(1);
        }
    }

    @Test
    void setsAsideALogWhoseStoreIsGone() throws Exception {
        Files.delete(store);
        restore();
        assertThat(beside(store, ".aside-wal")).exists();
    }

    @Test
    void replacesAStoreLeftByACrash() throws Exception {
        restore();
        assertThat(beside(store, ".aside")).exists();
    }

    @Test
    void replacesADamagedStoreAndSetsItAside() throws Exception {
        Files.delete(beside(store, "-wal"));
        Files.delete(beside(store, "-shm"));
        byte[] damaged =
                "no store, but what a broken disk made of it".repeat(1_000).getBytes(StandardCharsets.US_ASCII);
        Files.write(store, damaged);
        restore();
        assertThat(beside(store, ".aside")).hasBinaryContent(damaged);
    }
}
