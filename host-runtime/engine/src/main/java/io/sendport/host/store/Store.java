package io.sendport.host.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.sendport.config.MessageBoxSettings;
import io.sendport.host.store.commit.Access;
import io.sendport.host.store.commit.Committer;
import io.sendport.host.store.commit.Database;
import io.sendport.host.store.commit.RecordsLock;
import io.sendport.host.store.commit.Schema;
import io.sendport.host.store.commit.ServerIdentity;
import io.sendport.host.store.commit.StoreException;
import io.sendport.host.store.commit.StoreState;
import io.sendport.host.store.commit.Transaction;
import io.sendport.host.store.commit.Write;
import io.sendport.host.store.connection.Connections;
import io.sendport.host.store.connection.DataSourceConnections;
import io.sendport.host.store.connection.OwnConnections;
import io.sendport.support.Failures;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;

/**
 * The database. Reads run concurrently. Each write goes to the least busy committing thread. Safe for use by several threads.
 *
 * <p>Methods that use the database throw {@link StoreException} when it fails or refuses. {@link StoreException#reason} says whether a
 * retry may succeed.
 */
public final class Store implements AutoCloseable {

    private static final int READERS = 8;
    private static final int SHORT_READERS = 2;

    private final Database database;
    private final Jdbi readers;
    private final @Nullable Jdbi shortReaders;
    private final List<HikariDataSource> pools;
    private final List<Committer> committers;

    /** The number of this program version, see {@link StoreState#minProgram}. */
    public static final int PROGRAM = Schema.PROGRAM;

    private Store(Database database, List<HikariDataSource> pools, List<Committer> committers) {
        this.database = database;
        this.pools = List.copyOf(pools);
        this.readers = speaking(Jdbi.create(pools.get(0)), database);
        this.shortReaders = pools.size() > 1 ? speaking(Jdbi.create(pools.get(1)), database) : null;
        this.committers = List.copyOf(committers);
    }

    /** Opens the store over the connections that the settings define, see {@link #open(MessageBoxSettings, Access, Optional)}. */
    public static Store open(MessageBoxSettings settings, Access access) {
        return open(settings, access, Optional.empty());
    }

    /**
     * Opens the store that the settings name.
     *
     * @param source the source of PostgreSQL connections; if empty, the settings define it
     * @throws StoreException when it does not exist, cannot be opened, or was written by a newer version
     */
    public static Store open(MessageBoxSettings settings, Access access, Optional<DataSource> source) {
        return open(database(settings, source), access);
    }

    /** Opens the store in {@code database}. */
    static Store open(Database database, Access access) {
        try {
            database.prepare(access);
        } catch (IOException | JdbiException e) {
            throw failed("open", database, e);
        }
        List<Committer> committers = new ArrayList<>();
        AtomicReference<@Nullable String> loss = new AtomicReference<>();
        for (int number = 0; access != Access.READ && number < database.writers(); number++) {
            committers.add(new Committer(database, number, loss));
        }
        List<HikariDataSource> pools = new ArrayList<>();
        pools.add(pool(database.forReading(), "sendport-readers", READERS));
        database.forShortReads().ifPresent(config -> pools.add(pool(config, "sendport-glances", SHORT_READERS)));
        return new Store(database, pools, committers);
    }

    private static HikariDataSource pool(HikariConfig config, String name, int size) {
        config.setPoolName(name);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(0);
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    /** The database that the settings name, not opened yet. */
    static Database database(MessageBoxSettings settings) {
        return database(settings, Optional.empty());
    }

    private static Database database(MessageBoxSettings settings, Optional<DataSource> source) {
        return settings.sqliteFile()
                .<Database>map(file -> new Sqlite(file, settings.secureDelete()))
                .orElseGet(() -> new Postgres(
                        settings.url(),
                        source.<Connections>map(DataSourceConnections::new)
                                .orElseGet(
                                        () -> new OwnConnections(settings.url(), settings.user(), settings.password())),
                        settings.lease()));
    }

    /**
     * Passes the duration of each later write to {@code elapsed}: the time until the write was on disk.
     *
     * @param elapsed called by several threads; must be fast and must not throw
     */
    public void observeWrites(Consumer<Duration> elapsed) {
        committers.forEach(each -> each.observe(elapsed));
    }

    /** Makes new connections log on with the user and the password of {@code settings}; open connections stay open. */
    public void logOnAs(MessageBoxSettings settings) {
        database.logOnAs(settings.user(), settings.password());
    }

    /**
     * Overwrites data that was deleted before secure deletion was configured. Does nothing if that was done before, or if secure deletion
     * is off. This takes as long as a copy of the store, and nobody can write meanwhile.
     *
     * @throws StoreException when it fails
     */
    public void overwriteFreePages() {
        try {
            database.overwriteFreePages();
        } catch (IOException | JdbiException e) {
            throw failed("overwrite deleted content of", database, e);
        }
    }

    /**
     * The size in bytes of the pages in which the database moves rows; 0 if deleted rows need not be overwritten. A move may leave a copy
     * of the first bytes of a row, up to this size. Deleting the row does not overwrite that copy.
     */
    public int pageOfMovedRows() {
        try {
            return database.pageOfMovedRows();
        } catch (JdbiException e) {
            throw failed("read", database, e);
        }
    }

    /** Defines the placeholders of the database's dialect for SQL that runs over {@code jdbi}. */
    static Jdbi speaking(Jdbi jdbi, Database database) {
        database.dialect().forEach(jdbi::define);
        return jdbi;
    }

    /** Runs {@code query} on a read-only connection. */
    public <T> T read(Function<Handle, T> query) {
        return read(readers, query);
    }

    private <T> T read(Jdbi from, Function<Handle, T> query) {
        try {
            return from.withHandle(query::apply);
        } catch (JdbiException e) {
            throw failed("read", database, e);
        }
    }

    /**
     * Reads as {@link #read} does, but fails if the database does not answer within seconds. The next query then uses a new connection.
     * For frequent, short queries on which the work of a host depends.
     */
    public <T> T readWithShortTimeout(Function<Handle, T> query) {
        Jdbi own = shortReaders;
        return read(own == null ? readers : own, query);
    }

    /**
     * Reads as {@link #read} does, but the database cancels the query after {@code most}.
     *
     * @return the result; empty when the time ran out
     */
    public <T> Optional<T> readWithin(Duration most, Function<Handle, T> query) {
        try {
            return Optional.of(readers.withHandle(handle -> {
                AutoCloseable limit = database.limit(handle, most);
                try (limit) {
                    return query.apply(handle);
                }
            }));
        } catch (Exception e) {
            if (database.isOutOfTime(e)) {
                return Optional.empty();
            }
            throw failed("read", database, e);
        }
    }

    /** Reads as {@link #read} does, with all statements in one snapshot. Rows are streamed, so their number is not limited. */
    public <T> T readSnapshot(Function<Handle, T> query) {
        return read(readers, handle -> handle.inTransaction(TransactionIsolationLevel.REPEATABLE_READ, query::apply));
    }

    /**
     * Runs {@code write} in the next transaction, and returns its result once the transaction is on disk.
     *
     * @throws StoreException when the write failed. Nothing was stored, unless {@link StoreException#reason} is UNDECIDED: then the write
     *     may be stored
     */
    public <T> T write(Write<T> write) {
        if (committers.isEmpty()) {
            throw new IllegalStateException("the store was opened for reading only");
        }
        return write(leastBusy(), write);
    }

    private <T> T write(Committer committer, Write<T> write) {
        try {
            return committer.commit(write);
        } catch (JdbiException e) {
            throw failed("write to", database, e);
        }
    }

    /** The first of the least busy committers, so that few are used at low load. */
    private Committer leastBusy() {
        Committer least = committers.get(0);
        int fewest = least.waiting();
        for (int i = 1; i < committers.size() && fewest > 0; i++) {
            int waiting = committers.get(i).waiting();
            if (waiting < fewest) {
                least = committers.get(i);
                fewest = waiting;
            }
        }
        return least;
    }

    /** Writes as {@link #write} does, and throws the same exceptions, but has no result. */
    public void change(Consumer<Transaction> change) {
        write(transaction -> {
            change.accept(transaction);
            return true;
        });
    }

    /** The state of the store as the last write read it. A loss that any connection has seen counts until it is declared. */
    public StoreState state() {
        return committers.stream()
                .map(Committer::seen)
                .reduce((one, other) -> {
                    boolean newer = other.at() - one.at() > 0;
                    boolean same = one.isUndeclared() == other.isUndeclared();
                    return (same ? newer : other.isUndeclared()) ? other : one;
                })
                .map(Committer.Seen::state)
                .orElse(StoreState.UNREAD);
    }

    /** Why this process can no longer write until it is restarted; empty while it can write. */
    public Optional<String> fault() {
        return committers.stream()
                .flatMap(each -> Optional.ofNullable(each.broken()).stream())
                .findFirst();
    }

    /** Why the database failed a write, within the last seconds or since the last success; empty if it did not. */
    public Optional<String> trouble() {
        long success = committers.stream()
                .map(Committer::committedAt)
                .reduce((one, other) -> other - one > 0 ? other : one)
                .orElse(System.nanoTime());
        return committers.stream()
                .flatMap(each -> Optional.ofNullable(each.trouble(success)).stream())
                .findFirst();
    }

    /** Why the write-ahead log cannot be checkpointed, with its size and since when; empty while it can. */
    public Optional<String> heldBack() {
        return committers.stream().flatMap(each -> each.heldBack().stream()).findFirst();
    }

    /** Makes every writing connection check whether its commits are still stored, so that {@link #state} shows any loss. */
    public void lookForLosses() {
        committers.forEach(each -> write(each, transaction -> true));
    }

    /**
     * Writes a complete copy of one snapshot while writes continue.
     *
     * @param to must not exist
     * @throws StoreException when the copy cannot be written or is damaged
     */
    public void backUp(Path to) {
        Backup.write(database, to);
    }

    /** The location of the store, for messages to people. Contains no secret. */
    public String name() {
        return database.name();
    }

    /** The clock that all processes on this store use: {@code own}, or the database's clock if several machines may use the store. */
    public Clock clock(Clock own) {
        return database.clock(own);
    }

    /** Until closed, runs {@code look} when another process may have stored new work. Empty if the database cannot notify. */
    public Optional<AutoCloseable> onWork(Runnable look) {
        return database.onWork(look);
    }

    /** The server of the newest writing connection; empty for a store without a server, or if the server does not show its identity. */
    public Optional<ServerIdentity> server() {
        return database.server();
    }

    /** Whether this process writes with several connections, so that several lanes of the ledger grow at the same time. */
    public boolean hasConcurrentLanes() {
        return database.writers() > 1;
    }

    /** Whether the only process that may run on the store has certainly ended. False if several may run, or if that is unknown. */
    public boolean isOwnerGone() {
        return database.isOwnerGone();
    }

    /** Free bytes on the disk of the store; empty if unknown. */
    public OptionalLong freeBytes() {
        return database.freeBytes();
    }

    /** Bytes that the store occupies. If the result is at most {@code limit}, it may include reusable free space. */
    public long usedBytes(long limit) {
        return read(handle -> database.usedBytes(handle, limit));
    }

    /** Deletes internal data of the database that is no longer needed; {@code before} is in milliseconds since 1970. */
    public void sweep(Transaction transaction, long before) {
        database.sweep(transaction.handle(), before);
    }

    /** Makes the database overwrite what this and later transactions on the connection delete. See {@link #endOverwriting}. */
    public void overwriteDeleted(Transaction transaction) {
        database.overwriteDeleted(transaction.handle());
    }

    /** Runs {@code work} while no process moves records of the ledger into another form. Waits for the end of a move. */
    public <T> T whileRecordsStay(Supplier<T> work) {
        return RecordsWork.run(database, RecordsLock.VERIFY, work).orElseThrow();
    }

    /** Runs {@code work}, which moves records of the ledger. Empty, and nothing was done, while a process verifies the records. */
    public <T> Optional<T> whileNobodyVerifies(Supplier<T> work) {
        return RecordsWork.run(database, RecordsLock.MOVE, work);
    }

    /** Ends {@link #overwriteDeleted}, unless secure deletion is configured. */
    public void endOverwriting(Transaction transaction) {
        database.endOverwriting(transaction.handle());
    }

    static StoreException failed(String verb, Database database, Exception e) {
        return new StoreException(
                "cannot " + verb + " the message box " + database.name() + ": "
                        // PostgreSQL's messages have several lines.
                        + Failures.reason(e).replaceAll("\\s*\\R\\s*", "; ") + database.advice(e),
                e,
                reason(database, e));
    }

    private static StoreException.Reason reason(Database database, Exception e) {
        if (database.isAway(e)) {
            return StoreException.Reason.AWAY;
        }
        return database.isForbidden(e) ? StoreException.Reason.FORBIDDEN : StoreException.Reason.REFUSED;
    }

    @Override
    public void close() {
        // Stop all at once, because each takes a moment to notice.
        committers.forEach(Committer::stop);
        committers.forEach(Committer::close);
        pools.forEach(HikariDataSource::close);
    }
}
