package io.sendport.host.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.sendport.config.MessageBoxSettings;
import io.sendport.host.store.commit.Access;
import io.sendport.host.store.commit.Committer;
import io.sendport.host.store.commit.Database;
import io.sendport.host.store.commit.Schema;
import io.sendport.host.store.commit.StoreException;
import io.sendport.host.store.commit.StoreState;
import io.sendport.host.store.commit.Transaction;
import io.sendport.host.store.commit.Write;
import io.sendport.host.store.connection.Connections;
import io.sendport.host.store.connection.LentConnections;
import io.sendport.host.store.connection.OwnConnections;
import io.sendport.support.Failures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;

/** The database. Reads run side by side; writes go through the committing thread that has least to do. Safe for use by several threads. */
public final class Store implements AutoCloseable {

    private static final int READERS = 8;
    private static final int GLANCES = 2;

    private final Database database;
    private final Jdbi readers;
    private final @Nullable Jdbi glances;
    private final List<HikariDataSource> pools;
    private final List<Committer> committers;

    /** The number of this program, see {@link StoreState#minProgram}. */
    public static final int PROGRAM = Schema.PROGRAM;

    private Store(Database database, List<HikariDataSource> pools, List<Committer> committers) {
        this.database = database;
        this.pools = List.copyOf(pools);
        this.readers = speaking(Jdbi.create(pools.get(0)), database);
        this.glances = pools.size() > 1 ? speaking(Jdbi.create(pools.get(1)), database) : null;
        this.committers = List.copyOf(committers);
    }

    /**
     * Opens the store that the settings name.
     *
     * @throws StoreException when it isn't there, can't be opened, or was written by a newer version
     */
    public static Store open(MessageBoxSettings settings, Access access) {
        return open(settings, access, Optional.empty());
    }

    /**
     * As above.
     *
     * @param source where connections to PostgreSQL come from; empty: the settings say
     */
    public static Store open(MessageBoxSettings settings, Access access, Optional<DataSource> source) {
        Database database = database(settings, source);
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
        database.forGlances().ifPresent(config -> pools.add(pool(config, "sendport-glances", GLANCES)));
        return new Store(database, pools, committers);
    }

    private static HikariDataSource pool(HikariConfig config, String name, int size) {
        config.setPoolName(name);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(0);
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    /** The database that the settings name; nothing is opened yet. */
    static Database database(MessageBoxSettings settings) {
        return database(settings, Optional.empty());
    }

    private static Database database(MessageBoxSettings settings, Optional<DataSource> source) {
        return settings.sqliteFile()
                .<Database>map(file -> new Sqlite(file, settings.secureDelete()))
                .orElseGet(() -> new Postgres(
                        settings.url(),
                        source.<Connections>map(LentConnections::new)
                                .orElseGet(
                                        () -> new OwnConnections(settings.url(), settings.user(), settings.password())),
                        settings.lease()));
    }

    /** From now on new connections log on with user and password of {@code settings}; those that are open stay. */
    public void logOnAs(MessageBoxSettings settings) {
        database.logOnAs(settings.user(), settings.password());
    }

    /**
     * Where what is deleted is to be overwritten: overwrites what was deleted before that was asked, once. Nobody else can write meanwhile, and it
     * takes as long as a copy.
     *
     * @throws StoreException when it cannot be done
     */
    public void overwriteFreePages() {
        try {
            database.overwriteFreePages();
        } catch (IOException | JdbiException e) {
            throw failed("overwrite deleted content of", database, e);
        }
    }

    /**
     * Where deleted rows are to be overwritten: the size of the pages, in bytes, among which the database moves rows. It may leave a copy
     * of the first so many bytes of a row where the row was, and deleting the row does not overwrite that copy. 0 where that does not
     * matter.
     *
     * @throws StoreException when the store cannot be read
     */
    public int pageOfMovedRows() {
        try {
            return database.pageOfMovedRows();
        } catch (JdbiException e) {
            throw failed("read", database, e);
        }
    }

    /** SQL over {@code jdbi} may use the database's words. */
    static Jdbi speaking(Jdbi jdbi, Database database) {
        database.dialect().forEach(jdbi::define);
        return jdbi;
    }

    /** Runs {@code query} on a connection that can change nothing. */
    public <T> T read(Function<Handle, T> query) {
        try {
            return readers.withHandle(query::apply);
        } catch (JdbiException e) {
            throw failed("read", database, e);
        }
    }

    /**
     * As {@link #read}, for what a host asks all the time and its work waits for: where a database does not answer within seconds this
     * fails, and the next one goes over a new connection.
     */
    public <T> T glance(Function<Handle, T> query) {
        Jdbi own = glances;
        try {
            return (own == null ? readers : own).withHandle(query::apply);
        } catch (JdbiException e) {
            throw failed("read", database, e);
        }
    }

    /**
     * As {@link #read}, and the database breaks the query off when it takes too long.
     *
     * @return what the query gave; empty where the time was over
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

    /** As {@link #read}: all that the query asks is of one moment, and its rows come as they are asked for, however many there are. */
    public <T> T readOneMoment(Function<Handle, T> query) {
        try {
            return readers.inTransaction(TransactionIsolationLevel.REPEATABLE_READ, query::apply);
        } catch (JdbiException e) {
            throw failed("read", database, e);
        }
    }

    /**
     * Runs {@code write} in the next transaction and returns once that is on disk.
     *
     * @throws StoreException when it could not be written; nothing of it was
     */
    public <T> T write(Write<T> write) {
        if (committers.isEmpty()) {
            throw new IllegalStateException("the store was opened for reading only");
        }
        try {
            return leastBusy().commit(write);
        } catch (JdbiException e) {
            throw failed("write to", database, e);
        }
    }

    /** The first of those that have least to do, so that few are used while there is little. */
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

    /** As {@link #write}, for a write that gives nothing. */
    public void change(Consumer<Transaction> change) {
        write(transaction -> {
            change.accept(transaction);
            return true;
        });
    }

    /** What holds of the store as a whole, as its last write found it; a loss that any connection saw counts until it is declared. */
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

    /** Why nothing is written any more; empty while all is well. */
    public Optional<String> fault() {
        return committers.stream()
                .flatMap(each -> Optional.ofNullable(each.broken()).stream())
                .findFirst();
    }

    /** Why a write failed, where that came of the database: in the last seconds, or since any succeeded; empty when none did. */
    public Optional<String> trouble() {
        long success = committers.stream()
                .map(Committer::committedAt)
                .reduce((one, other) -> other - one > 0 ? other : one)
                .orElse(System.nanoTime());
        return committers.stream()
                .flatMap(each -> Optional.ofNullable(each.trouble(success)).stream())
                .findFirst();
    }

    /** Why what was written can't be moved to where it belongs, with how much and since when; empty while it can. */
    public Optional<String> heldBack() {
        return committers.stream().flatMap(each -> each.heldBack().stream()).findFirst();
    }

    /**
     * Has every connection that writes look whether what it committed is still there, so that {@link #state} tells of a loss that any of
     * them can see.
     */
    public void lookForLosses() {
        committers.forEach(each -> each.commit(transaction -> true));
    }

    /**
     * Writes a copy, whole and of one moment, while others go on.
     *
     * @param to must not exist
     * @throws StoreException when it can't be written, or is not sound
     */
    public void backUp(Path to) {
        Path part = to.resolveSibling(to.getFileName() + ".part");
        try {
            if (Files.exists(to)) {
                throw new StoreException("there is a file " + to + " already; a backup takes the place of none", null);
            }
            Files.deleteIfExists(part);
            OwnerOnly.create(part);
            database.copy(part);
            Files.move(part, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | JdbiException e) {
            throw failed("back up", database, e);
        }
    }

    /** Where it is, for messages. */
    public String name() {
        return database.name();
    }

    /** The time that all who work on this store go by: {@code own}, or the database's where machines may disagree. */
    public Clock clock(Clock own) {
        return database.clock(own);
    }

    /** Runs {@code look} whenever another process may have put work there, until closed; empty where nobody tells. */
    public Optional<AutoCloseable> onWork(Runnable look) {
        return database.onWork(look);
    }

    /** Whether the one process that runs on it has surely ended; false where several may, or where that can't be seen. */
    public boolean isOwnerGone() {
        return database.isOwnerGone();
    }

    /** Bytes that the disk under the store still takes; empty where that can't be seen from here. */
    public OptionalLong freeBytes() {
        return database.freeBytes();
    }

    /** Bytes that the store holds; below {@code limit} space that is free for reuse may be among them. */
    public long usedBytes(long limit) {
        return read(handle -> database.usedBytes(handle, limit));
    }

    /** Deletes what this kind of database keeps for its own purposes and no longer needs. */
    public void sweep(Transaction transaction, long before) {
        database.sweep(transaction.handle(), before);
    }

    /** What {@code transaction} and those after it delete is to be gone from the database's files as well. */
    public void overwriteDeleted(Transaction transaction) {
        database.overwriteDeleted(transaction.handle());
    }

    static StoreException failed(String verb, Database database, Exception e) {
        return new StoreException(
                "can't " + verb + " the message box " + database.name() + ": " + Failures.reason(e)
                        + database.advice(e),
                e,
                database.isAway(e) ? StoreException.Reason.AWAY : StoreException.Reason.REFUSED);
    }

    @Override
    public void close() {
        // All at once: each takes a moment to notice.
        committers.forEach(Committer::stop);
        committers.forEach(Committer::close);
        pools.forEach(HikariDataSource::close);
    }
}
