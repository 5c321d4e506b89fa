package io.sendport.host.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How far the write-ahead log of a SQLite file is moved into it. A reader that holds an old snapshot keeps SQLite from moving what came
 * after it, and the log from beginning again: it grows until the reader ends or the disk is full.
 */
final class CheckpointProgress {

    private static final long PATIENCE_NANOS = Duration.ofSeconds(10).toNanos();

    private final LongSupplier nanos;
    private long pageSize;
    private volatile long bytes;
    private volatile long since;

    CheckpointProgress(LongSupplier nanos) {
        this.nanos = nanos;
        this.since = nanos.getAsLong();
    }

    /** Moves what can be moved without waiting for anybody. */
    void checkpoint(Connection connection) throws SQLException {
        checkpoint(connection, "PASSIVE");
    }

    /** Moves everything, as long as the busy time-out lets it wait, and leaves an empty log. */
    void empty(Connection connection) throws SQLException {
        checkpoint(connection, "TRUNCATE");
    }

    private void checkpoint(Connection connection, String mode) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (pageSize == 0) {
                pageSize = first(statement, "PRAGMA page_size");
            }
            try (ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(" + mode + ")")) {
                if (row.next()) {
                    found((row.getLong(2) - row.getLong(3)) * pageSize);
                }
            }
        }
    }

    private static long first(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    /** So much of the log could not be moved. */
    void found(long left) {
        if (left < Sqlite.LARGE_LOG) {
            since = nanos.getAsLong();
        }
        bytes = left;
    }

    /** That something holds it back, once it has for a while. */
    Optional<String> heldBack() {
        long held = nanos.getAsLong() - since;
        return bytes < Sqlite.LARGE_LOG || held < PATIENCE_NANOS
                ? Optional.empty()
                : Optional.of("a process that reads for long holds back " + bytes / (1024 * 1024)
                        + " MB of the write-ahead log, for "
                        + Duration.ofNanos(held).toSeconds()
                        + " s now; end it before the disk is full");
    }
}
