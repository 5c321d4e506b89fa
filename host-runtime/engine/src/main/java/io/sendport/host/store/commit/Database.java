package io.sendport.host.store.commit;

import com.zaxxer.hikari.HikariConfig;
import io.sendport.api.settings.Secret;
import io.sendport.host.store.sql.Sql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;

/**
 * The differences between kinds of databases. All other SQL of the message box is the same on all of them. Methods throw the exception of
 * the database library when the database fails; {@link io.sendport.host.store.Store} translates it into a {@link StoreException}.
 */
public interface Database {

    /** The location of the database, for messages to people. Contains no secret. */
    String name();

    /**
     * The SQL for each placeholder. Statements name a placeholder in angle brackets:
     *
     * <ul>
     *   <li>{@code skipLocked} ends a query that locks its rows and leaves out rows that others have locked
     *   <li>{@code forUpdate} ends a query that locks its rows until the transaction ends
     *   <li>{@code mayDelete} is true if the account may delete rows of the table that is bound
     *   <li>{@code mayErase} is true if the account may erase private parts in the table that is bound
     *   <li>{@code day} is the day of {@code submitted_at} in UTC
     *   <li>{@code among} follows a column, and compares it with the texts of the JSON array that is bound
     * </ul>
     */
    Map<String, String> dialect();

    /**
     * Creates the database if {@code access} allows, and checks the version of its tables.
     *
     * @throws StoreException when the database does not exist, or its tables have another version
     * @throws IOException when files of the database cannot be created
     */
    void prepare(Access access) throws IOException;

    /** Makes new connections log on with these credentials; a database without users ignores them. */
    default void logOnAs(Optional<String> user, Optional<Secret> password) {}

    /**
     * The version of the tables; 0 when there are no tables or no database.
     *
     * @throws StoreException when the server is not supported
     * @throws IOException when a file of the database cannot be read
     */
    int version() throws IOException;

    /**
     * Upgrades the tables to the version of this program.
     *
     * @throws StoreException when the tables cannot be upgraded
     * @throws IOException when other processes cannot be locked out
     */
    void migrate() throws IOException;

    /** Connections for the few statements before {@link #migrate}, on tables of an earlier version. */
    DataSource forUpgrade();

    /**
     * Limits the time of queries on a reading connection. A query that takes longer than {@code most} fails; see {@link #isOutOfTime}.
     *
     * @return ends the limit; close it on the thread that set the limit
     */
    AutoCloseable limit(Handle handle, Duration most) throws SQLException;

    /** Whether {@code failure} was caused by {@link #limit}. */
    boolean isOutOfTime(Throwable failure);

    /** The configuration of a pool of read-only connections. */
    HikariConfig forReading();

    /** The configuration of a separate pool for short queries with a timeout of a few seconds; empty if one pool serves both. */
    Optional<HikariConfig> forShortReads();

    /** A writing connection, which is opened at its first use. */
    Writer forWriting();

    /** The server of the newest writing connection; empty before the first connection, without a server, or if it cannot be read. */
    default Optional<ServerIdentity> server() {
        return Optional.empty();
    }

    /** The statements that every message needs, over a connection that {@link #forWriting} opened. */
    Sql sql(Handle handle);

    /** How many connections of a process write concurrently. */
    int writers();

    /** Whether {@code failure} means that the database is unavailable for all writes. */
    boolean isAway(Throwable failure);

    /** Whether {@code failure} is a conflict with a concurrent transaction, so that a retry may succeed. */
    boolean isConflict(Throwable failure);

    /** Whether {@code failure} means that the account lacks a right. */
    boolean isForbidden(Throwable failure);

    /** Text for people that says what to do about {@code failure}; starts with a semicolon, or is empty. */
    String advice(Throwable failure);

    /** The clock that all processes on the database use: {@code own}, or the database's clock if several machines may use it. */
    Clock clock(Clock own);

    /** Until closed, runs {@code look} when another process may have stored new work. Empty if the database cannot notify. */
    Optional<AutoCloseable> onWork(Runnable look);

    /** Deletes, on a writing connection, internal data that was last used before {@code before}, in milliseconds since 1970. */
    void sweep(Handle handle, long before);

    /** Makes the database overwrite what this connection deletes from now on, if the database supports that. */
    void overwriteDeleted(Handle handle);

    /** Ends {@link #overwriteDeleted} on this connection, unless secure deletion is configured. */
    void endOverwriting(Handle handle);

    /**
     * The size in bytes of the pages in which rows are moved; 0 if deleted rows need not be overwritten. A move may leave a copy of the
     * first bytes of a row, up to this size. Deleting the row does not overwrite that copy.
     */
    int pageOfMovedRows();

    /** Overwrites data that was deleted before secure deletion was configured, unless that was done before. */
    void overwriteFreePages() throws IOException;

    /**
     * Writes a copy into an existing empty file.
     *
     * @throws IOException when the copy cannot be written, or when the database has its own tools for that
     */
    void copy(Path to) throws IOException;

    /** Whether the only process that may run on the database has certainly ended. False if several may run, or if that is unknown. */
    boolean isOwnerGone();

    /**
     * Locks the records of the ledger among threads and processes. {@link RecordsLock#VERIFY} waits for the end of a move.
     *
     * @return releases the lock; close it on the same thread. Empty when records cannot be moved now, because a process verifies them
     * @throws IOException when the lock fails
     */
    Optional<AutoCloseable> lockRecords(RecordsLock why) throws IOException;

    /** Free bytes on the disk of the database; empty if unknown. */
    OptionalLong freeBytes();

    /** Bytes that the database occupies. If the result is at most {@code limit}, it may include reusable free space. */
    long usedBytes(Handle handle, long limit);
}
