package io.sendport.host.store;

import io.sendport.host.store.commit.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.sqlite.SQLiteConfig;

/**
 * Exclusive access to a SQLite file: while this object is open, no other connection of any process has the file open. SQLite then
 * builds the index of the write-ahead log from the log itself, and keeps it in memory.
 */
final class ExclusiveSqlite implements AutoCloseable {

    private final Connection connection;

    private ExclusiveSqlite(Connection connection) {
        this.connection = connection;
    }

    /**
     * Opens the file exclusively.
     *
     * @throws StoreException while other processes have it open; the message has their ids, and the reason is
     *     {@link StoreException.Reason#AWAY}
     * @throws IOException when it cannot be opened
     */
    static ExclusiveSqlite open(Path file) throws IOException {
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
        ExclusiveSqlite exclusive = new ExclusiveSqlite(connection);
        try {
            // A read takes the shared lock and a write the exclusive one, which this mode keeps.
            exclusive.run("BEGIN EXCLUSIVE");
            exclusive.run("COMMIT");
            return exclusive;
        } catch (SQLException e) {
            exclusive.close();
            throw failed(file, e);
        }
    }

    private static IOException failed(Path file, SQLException e) {
        if (SqliteFailure.isBusy(e)) {
            List<String> users = FileUsers.of(file);
            throw new StoreException(
                    "Sendport needs the message box " + file + " for itself, but "
                            + (users.isEmpty()
                                    ? "another process has it open. Find the process (on Linux with `sudo lsof " + file
                                            + "`) and stop it"
                                    : String.join(", ", users) + (users.size() == 1 ? " has" : " have")
                                            + " it open. Stop " + (users.size() == 1 ? "it" : "them"))
                            + ". `sendport run` then continues; run any other command again",
                    e,
                    StoreException.Reason.AWAY);
        }
        return new IOException("cannot open " + file + " exclusively: " + e.getMessage(), e);
    }

    /** Checkpoints the whole log, syncs the file, and empties the log. */
    void checkpointLog() throws IOException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
            if (!row.next() || row.getInt(1) != 0) {
                throw new IOException("the write-ahead log was not checkpointed completely");
            }
        } catch (SQLException e) {
            throw new IOException("cannot checkpoint the write-ahead log: " + e.getMessage(), e);
        }
    }

    /** Leaves WAL mode, so that the file is complete without a log. */
    void turnOffLog() throws IOException {
        checkpointLog();
        try {
            run("PRAGMA journal_mode = DELETE");
            run("BEGIN EXCLUSIVE");
        } catch (SQLException e) {
            throw new IOException("cannot turn off the write-ahead log: " + e.getMessage(), e);
        }
    }

    /** Queries the file. */
    Jdbi reading() {
        return Jdbi.create(connection);
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
            throw new IOException("cannot close the message box: " + e.getMessage(), e);
        }
    }
}
