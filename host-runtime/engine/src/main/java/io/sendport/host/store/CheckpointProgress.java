package io.sendport.host.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Checkpoints a SQLite write-ahead log, and watches the progress. A reader with an old snapshot keeps SQLite from checkpointing later
 * pages and from restarting the log. The log then grows until the reader ends or the disk is full.
 */
final class CheckpointProgress {

    /** How long a reader may hold back the log before it is reported. */
    private static final long TOLERATED_NANOS = Duration.ofSeconds(10).toNanos();

    private final LongSupplier nanos;
    private long pageSize;
    private volatile long bytes;
    private volatile long since;

    CheckpointProgress(LongSupplier nanos) {
        this.nanos = nanos;
        this.since = nanos.getAsLong();
    }

    /** Checkpoints what is possible without waiting for readers. */
    void checkpoint(Connection connection) throws SQLException {
        checkpoint(connection, "PASSIVE");
    }

    /**
     * Checkpoints the whole log within the busy timeout, and empties it.
     *
     * @return false when a reader prevented that
     */
    boolean empty(Connection connection) throws SQLException {
        return checkpoint(connection, "TRUNCATE");
    }

    private boolean checkpoint(Connection connection, String mode) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (pageSize == 0) {
                pageSize = first(statement, "PRAGMA page_size");
            }
            try (ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(" + mode + ")")) {
                if (row.next()) {
                    found((row.getLong(2) - row.getLong(3)) * pageSize);
                    return row.getInt(1) == 0;
                }
                return false;
            }
        }
    }

    private static long first(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    /** Records how many bytes could not be checkpointed. */
    void found(long left) {
        if (left < Sqlite.LARGE_LOG) {
            since = nanos.getAsLong();
        }
        bytes = left;
    }

    /** Why the log cannot be checkpointed; empty while it can, or if that has not lasted long. */
    Optional<String> heldBack() {
        long held = nanos.getAsLong() - since;
        return bytes < Sqlite.LARGE_LOG || held < TOLERATED_NANOS
                ? Optional.empty()
                : Optional.of("a long-running reader holds back " + bytes / (1024 * 1024)
                        + " MB of the write-ahead log, for "
                        + Duration.ofNanos(held).toSeconds()
                        + " s so far; stop that process before the disk is full");
    }
}
