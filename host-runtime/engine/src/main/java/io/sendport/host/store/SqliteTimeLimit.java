package io.sendport.host.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConnection;

/** Until closed, makes SQLite cancel the queries of a connection after a time limit. For one thread. */
final class SqliteTimeLimit implements AutoCloseable {

    /** Steps of SQLite's virtual machine between two checks of the time: well below a millisecond. */
    private static final int STEPS = 10_000;

    private final SQLiteConnection connection;

    SqliteTimeLimit(Connection connection, Duration most) throws SQLException {
        this.connection = connection.unwrap(SQLiteConnection.class);
        long deadline = System.nanoTime() + most.toNanos();
        ProgressHandler.setHandler(this.connection, STEPS, new ProgressHandler() {
            @Override
            protected int progress() {
                return System.nanoTime() - deadline >= 0 ? 1 : 0;
            }
        });
    }

    @Override
    public void close() throws SQLException {
        ProgressHandler.clearHandler(connection);
    }
}
