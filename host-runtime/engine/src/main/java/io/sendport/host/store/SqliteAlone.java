package io.sendport.host.store;

import io.sendport.host.store.commit.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.sqlite.SQLiteConfig;

/**
 * A SQLite file that no other connection has open, in this process or any other, for as long as this is. SQLite keeps the index of the
 * write-ahead log in memory then, makes it from the log itself, and shares neither with anybody.
 */
final class SqliteAlone implements AutoCloseable {

    private final Connection connection;

    private SqliteAlone(Connection connection) {
        this.connection = connection;
    }

    /**
     * Opens it so.
     *
     * @throws StoreException while others have it open, with who they are; {@link StoreException.Reason#AWAY}
     * @throws IOException when it can't be opened
     */
    static SqliteAlone open(Path file) throws IOException {
        SQLiteConfig config = new SQLiteConfig();
        config.resetOpenMode(org.sqlite.SQLiteOpenMode.CREATE);
        config.setBusyTimeout(0);
        config.setLockingMode(SQLiteConfig.LockingMode.EXCLUSIVE);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        Connection connection;
        try {
            connection = Sqlite.source(file, config).getConnection();
        } catch (SQLException e) {
            throw failed(file, e);
        }
        SqliteAlone alone = new SqliteAlone(connection);
        try {
            // A read takes the shared lock, a write the exclusive one, which this mode keeps.
            alone.run("BEGIN EXCLUSIVE");
            alone.run("COMMIT");
            return alone;
        } catch (SQLException e) {
            alone.close();
            throw failed(file, e);
        }
    }

    private static IOException failed(Path file, SQLException e) {
        if (Sqlite.isBusy(e)) {
            List<String> users = FileUsers.of(file);
            throw new StoreException(
                    "other processes have the message box " + file + " open"
                            + (users.isEmpty() ? "" : ": " + String.join(", ", users)) + "; end them",
                    e,
                    StoreException.Reason.AWAY);
        }
        return new IOException("can't open " + file + " alone: " + e.getMessage(), e);
    }

    /** Moves the whole log into the file, syncs that, and empties the log. */
    void moveLog() throws IOException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
            if (!row.next() || row.getInt(1) != 0) {
                throw new IOException("the write-ahead log could not be moved whole");
            }
        } catch (SQLException e) {
            throw new IOException("the write-ahead log could not be moved: " + e.getMessage(), e);
        }
    }

    /** The file is whole by itself from now on, and nothing is looked for beside it. */
    void giveUpLog() throws IOException {
        moveLog();
        try {
            run("PRAGMA journal_mode = DELETE");
            run("BEGIN EXCLUSIVE");
        } catch (SQLException e) {
            throw new IOException("the write-ahead log could not be given up: " + e.getMessage(), e);
        }
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IOException("the message box could not be closed: " + e.getMessage(), e);
        }
    }
}
