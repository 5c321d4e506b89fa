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

/** What differs between kinds of databases; everything else in the message box is the same SQL on all. */
public interface Database {

    /** The location, for messages; contains no secret. */
    String name();

    /**
     * The database's dialect, by the placeholder in angle brackets. {@code matches} compares a column with a pattern in which
     * {@code *} matches any text. {@code skipLocked} ends a query whose rows nobody else can get. {@code forUpdate} ends a query
     * whose rows nobody else may change until the transaction ends. {@code day} is the day of {@code submitted_at}. {@code among}
     * compares a column with the texts of a JSON array.
     */
    Map<String, String> dialect();

    /**
     * Creates the database if {@code access} allows, and checks the version of its tables.
     *
     * @throws StoreException when it does not exist, or its tables have another version
     */
    void prepare(Access access) throws IOException;

    /** Makes new connections log on with these credentials; a database without users ignores them. */
    default void logOnAs(Optional<String> user, Optional<Secret> password) {}

    /** The version of its tables; 0 when there are none, or no database. */
    int version() throws IOException;

    /** Upgrades its tables to the version of this program. */
    void migrate() throws IOException;

    /** For the few statements before {@link #migrate}, on tables of an earlier version. */
    DataSource forUpgrade();

    /**
     * Limits the time of queries on this reading connection: they fail after {@code most}; see {@link #isOutOfTime}.
     *
     * @return ends the limit, on the thread that set it
     */
    AutoCloseable limit(Handle handle, Duration most) throws SQLException;

    /** Whether {@code failure} was caused by {@link #limit}. */
    boolean isOutOfTime(Throwable failure);

    /** For a pool of read-only connections. */
    HikariConfig forReading();

    /** For a separate pool for short queries with a timeout of a few seconds; empty if one pool serves both. */
    Optional<HikariConfig> forGlances();

    /** A writing connection, opened at first use. */
    Writer forWriting();

    /** The server that the newest writing connection reached; empty before the first, without a server, or if it cannot be read. */
    default Optional<ServerIdentity> server() {
        return Optional.empty();
    }

    /** The SQL of every message over a connection that {@link #forWriting} opened. */
    Sql sql(Handle handle);

    /** How many connections of a process write concurrently. */
    int writers();

    /** Whether {@code failure} means that the database is unavailable, for all writes alike. */
    boolean isAway(Throwable failure);

    /** Whether {@code failure} is a conflict with a concurrent transaction, so that a retry may succeed. */
    boolean isConflict(Throwable failure);

    /** Whether {@code failure} means that the account lacks a right. */
    boolean isForbidden(Throwable failure);

    /** What may help against {@code failure}; starts with a semicolon, or is empty. */
    String advice(Throwable failure);

    /** The time that all processes on it use: {@code own}, or the database's where machines may differ. */
    Clock clock(Clock own);

    /** Runs {@code look} when another process may have stored new work, until closed; empty if the database cannot notify. */
    Optional<AutoCloseable> onWork(Runnable look);

    /** Deletes, on a writing connection, internal data of the database after its use. */
    void sweep(Handle handle, long before);

    /** Makes later deletions on this connection disappear from the database's files, as far as the database supports that. */
    void overwriteDeleted(Handle handle);

    /** Ends {@link #overwriteDeleted} on this connection, unless it is configured. */
    void endOverwriting(Handle handle);

    /**
     * The size in bytes of the pages in which rows are moved. A move may leave a copy of a row's data in such a page, and deleting
     * the row does not overwrite that copy. Only the first bytes of a row, up to this size, can be in such a page. 0 if deleted
     * rows need not be overwritten.
     */
    int pageOfMovedRows();

    /** Overwrites data that was deleted before overwriting was configured, if that was not done yet. */
    void overwriteFreePages() throws IOException;

    /** Writes a copy into an existing empty file; refused if the database has its own tools. */
    void copy(Path to) throws IOException;

    /** Whether the only process on it has certainly ended; false if several may run, or if that is unknown. */
    boolean isOwnerGone();

    /**
     * Locks the places of the ledger's records among threads and processes. {@link RecordsLock#VERIFY} waits for a move to end.
     *
     * @return unlocks, on the same thread; empty when records cannot be moved now, because they are verified
     */
    Optional<AutoCloseable> lockRecords(RecordsLock why) throws IOException;

    /** Free bytes on its disk; empty if unknown. */
    OptionalLong freeBytes();

    /** Bytes that it occupies; below {@code limit} this may include reusable free space. */
    long usedBytes(Handle handle, long limit);
}
