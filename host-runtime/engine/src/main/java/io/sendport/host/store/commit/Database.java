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

/** What is particular to one kind of database; everything else in the message box is the same SQL on all. */
public interface Database {

    /** Where it is, for messages; no secret is in it. */
    String name();

    /**
     * What the SQL of the message box says otherwise here, by the name that stands for it in angle brackets: {@code matches} compares a
     * column with a pattern in which {@code *} stands for anything, {@code skipLocked} ends a query whose rows are to be had by nobody
     * else, {@code forUpdate} one whose rows nobody else may change until the transaction ends, {@code day} is the day of {@code submitted_at}, {@code ledgerOrder} the order in which records came to be, {@code ledgerNewest} the other way round, and
     * {@code ledgerFirst} the first column of it, {@code laneOrder} and {@code laneFirst} the same lane by lane.
     */
    Map<String, String> dialect();

    /**
     * Makes it where that is asked, and checks that its tables are those that this program knows.
     *
     * @throws StoreException when it is not there, or its tables are of another version
     */
    void prepare(Access access) throws IOException;

    /** From now on new connections log on so; a database without users takes no notice. */
    default void logOnAs(Optional<String> user, Optional<Secret> password) {}

    /** The version of its tables; 0 when there are none, or no database. */
    int version() throws IOException;

    /** Brings its tables to the version of this program. */
    void migrate() throws IOException;

    /** For the few statements before {@link #migrate}, on tables of an earlier version. */
    DataSource forUpgrade();

    /**
     * From now on a query over this connection, which reads, ends with a failure once {@code most} is over; see {@link #isOutOfTime}.
     *
     * @return ends the limit, on the thread that set it
     */
    AutoCloseable limit(Handle handle, Duration most) throws SQLException;

    /** Whether {@code failure} comes of {@link #limit}. */
    boolean isOutOfTime(Throwable failure);

    /** For a pool of connections that can change nothing. */
    HikariConfig forReading();

    /** For a pool of its own for short questions, whose answers are waited for a few seconds only; empty where one pool serves both. */
    Optional<HikariConfig> forGlances();

    /** A connection that writes; made when first used. */
    Writer forWriting();

    /** The SQL of every message over a connection that {@link #forWriting} opened. */
    Sql sql(Handle handle);

    /** How many connections of a process write side by side. */
    int writers();

    /** Whether {@code failure} comes of a database that is out of reach, for all alike. */
    boolean isAway(Throwable failure);

    /** Whether {@code failure} comes of what others did at the same time, so that the same may do when tried again. */
    boolean isConflict(Throwable failure);

    /** What may help against {@code failure}; begins with a semicolon, or is empty. */
    String advice(Throwable failure);

    /** The time that all who work on it go by: {@code own}, or the database's, where machines may disagree. */
    Clock clock(Clock own);

    /** Runs {@code look} whenever another process may have put work there, until closed; empty where nobody tells. */
    Optional<AutoCloseable> onWork(Runnable look);

    /** Deletes, on a connection that writes, what the database's own side of things no longer needs. */
    void sweep(Handle handle, long before);

    /** From now on what is deleted on this connection can't be found in the database's files, as far as it can see to that. */
    void overwriteDeleted(Handle handle);

    /**
     * The size of the pages among which rows are moved, in bytes: a copy of what a row has in such a page may stay where it was, and
     * deleting the row does not overwrite that copy. What lies behind the first so many bytes of a row is in no such page. 0 where
     * deleted rows need not be overwritten.
     */
    int pageOfMovedRows();

    /** Overwrites what was deleted before this was asked for, where it is and was not done yet. */
    void overwriteFreePages() throws IOException;

    /** Writes a copy into a file that is there and empty; refused where the database has its own means. */
    void copy(Path to) throws IOException;

    /** Whether the one process that runs on it has surely ended; false where several may, or where that can't be seen. */
    boolean isOwnerGone();

    /** Bytes that the disk under it still takes; empty where that can't be seen from here. */
    OptionalLong freeBytes();

    /** Bytes that it holds; below {@code limit} it may count what is free for reuse. */
    long usedBytes(Handle handle, long limit);
}
