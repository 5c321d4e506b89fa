package io.sendport.host.store;

import com.zaxxer.hikari.HikariConfig;
import io.sendport.api.settings.ByteSize;
import io.sendport.host.store.commit.Access;
import io.sendport.host.store.commit.Database;
import io.sendport.host.store.commit.RecordsLock;
import io.sendport.host.store.commit.Schema;
import io.sendport.host.store.commit.StoreException;
import io.sendport.host.store.commit.Writer;
import io.sendport.host.store.sql.DirectSql;
import io.sendport.host.store.sql.Sql;
import io.sendport.host.store.sql.StatementCache;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;

/** A SQLite file. */
final class Sqlite implements Database {

    private static final Logger LOG = LoggerFactory.getLogger(Sqlite.class);

    /** The suffix of the write-ahead log, with commits that are not in the file yet. */
    static final String WAL = "-wal";

    /** The suffix of the shared index of the write-ahead log. */
    static final String WAL_INDEX = "-shm";

    static final int BUSY_MILLIS = 20_000;

    /** If the write-ahead log is larger than this, a long-running reader holds it back. */
    static final int LARGE_LOG = 64 * 1024 * 1024;

    private static final Schema SCHEMA = new Schema(
            "classpath:io/sendport/host/store/migration/sqlite",
            "SELECT count(*) FROM sqlite_master WHERE name = 'flyway_schema_history'");

    private final Path file;
    private final boolean secureDelete;

    /**
     * The store {@code file}.
     *
     * @param secureDelete whether deleted data is overwritten
     */
    Sqlite(Path file, boolean secureDelete) {
        this.file = file;
        this.secureDelete = secureDelete;
    }

    @Override
    public String name() {
        return file.toString();
    }

    @Override
    public Map<String, String> dialect() {
        return Map.of(
                "skipLocked", "",
                "forUpdate", "",
                "mayDelete", "? IS NOT NULL",
                "mayErase", "? IS NOT NULL",
                "day", "date(submitted_at / 1000, 'unixepoch')",
                "among", "IN (SELECT value FROM json_each(?))");
    }

    @Override
    public void prepare(Access access) throws IOException {
        if (access == Access.CREATE) {
            createFolder();
        } else if (!Files.exists(file)) {
            throw new StoreException(
                    "no message box exists at " + file
                            + "; if one should exist, check the url of <messageBox>; otherwise `sendport run` or `sendport submit` creates it",
                    null);
        }
        if (access != Access.READ) {
            DiskFailure.requireNone(file);
            LockedRecords.prepare(file);
        }
        if (Schema.mustCreate(version(), access, file.toString())) {
            migrate();
        }
    }

    @Override
    public int version() throws IOException {
        return !Files.exists(file) || Files.size(file) == 0
                ? 0
                : Jdbi.create(forReading(file)).withHandle(SCHEMA::version);
    }

    private void createFolder() throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            OwnerOnly.createFolder(folder);
        }
        if (!Files.exists(file)) {
            OwnerOnly.create(file);
        }
    }

    /** Locks a separate file, because Flyway takes no lock on SQLite. */
    @Override
    public void migrate() throws IOException {
        Path lockFile = file.resolveSibling(file.getFileName() + ".migration");
        OwnerOnly.create(lockFile);
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (!lock.isValid()) {
                throw new IOException("the lock on " + lockFile + " was lost");
            }
            SCHEMA.migrate(forWriting(file));
        }
    }

    @Override
    public DataSource forUpgrade() {
        return forWriting(file);
    }

    @Override
    public HikariConfig forReading() {
        HikariConfig config = new HikariConfig();
        config.setDataSource(forReading(file));
        config.setConnectionInitSql("PRAGMA query_only = 1");
        // Otherwise the pool would make each connection writable, which the driver refuses.
        config.setReadOnly(!isWritable(file));
        return config;
    }

    @Override
    public Optional<HikariConfig> forShortReads() {
        return Optional.empty();
    }

    @Override
    public Writer forWriting() {
        Jdbi jdbi = Store.speaking(Jdbi.create(forWriting(file)), this);
        return new SqliteWriter(
                () -> jdbi.open().setStatementBuilder(new StatementCache(dialect())), file, secureDelete);
    }

    @Override
    public Sql sql(Handle handle) {
        return new DirectSql(handle.getConnection(), (StatementCache) handle.getStatementBuilder());
    }

    /** A SQLite file has one writer at a time. */
    @Override
    public int writers() {
        return 1;
    }

    /** For writing: WAL mode, synced by the writer (see {@link SqliteWriter}), with the write lock taken at BEGIN. */
    private static SQLiteDataSource forWriting(Path file) {
        SQLiteConfig config = config();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
        // A log that grew beyond this size is truncated to it when it restarts.
        config.setJournalSizeLimit(LARGE_LOG);
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        return source(file, config);
    }

    /** For reading: cannot change anything. If this user may not write and there is no log, the file is opened as immutable. */
    private static SQLiteDataSource forReading(Path file) {
        SqliteLibrary.loadFor(file);
        SQLiteConfig config = config();
        if (!isWritable(file)) {
            config.setReadOnly(true);
            boolean atRest = !hasLog(file);
            SQLiteDataSource source = new SQLiteDataSource(config);
            source.setUrl(
                    "jdbc:sqlite:" + (atRest ? "file:" + file.toUri().getRawPath() + "?immutable=1" : file.toString()));
            return source;
        }
        config.resetOpenMode(org.sqlite.SQLiteOpenMode.CREATE);
        return source(file, config);
    }

    /** The file with the suffix {@code ending} beside a store, such as {@link #WAL}; resolves links. */
    static Path beside(Path store, String ending) throws IOException {
        Path real = store.toRealPath();
        return real.resolveSibling(real.getFileName() + ending);
    }

    private static boolean hasLog(Path file) {
        try {
            return Files.exists(beside(file, WAL));
        } catch (IOException e) {
            LOG.debug("cannot find a log beside {}", file, e);
            return false;
        }
    }

    /** A copy needs as much space as the file, and the write-ahead log grows while the copy is written. */
    private void requireRoomForCopy() throws IOException {
        requireRoomForCopy(file, Files.size(file), freeBytes().orElse(Long.MAX_VALUE));
    }

    /** Requires room for concurrent writes too, because the copy holds back the log. */
    static void requireRoomForCopy(Path file, long size, long free) throws IOException {
        long needed = size + 2L * LARGE_LOG;
        if (free < needed) {
            throw new IOException(
                    "the disk of " + file + " has " + ByteSize.format(free) + " free, but a copy needs up to "
                            + ByteSize.format(needed) + ", including concurrent writes; free disk space and try again");
        }
    }

    /** Copies one snapshot; returns once it is on disk. */
    @Override
    public void copy(Path to) throws IOException {
        SQLiteConfig config = config();
        config.resetOpenMode(org.sqlite.SQLiteOpenMode.CREATE);
        requireRoomForCopy();
        try (Connection connection = source(file, config).getConnection();
                PreparedStatement copy = connection.prepareStatement("VACUUM INTO ?");
                LogGuard guard = LogGuard.start(beside(file, WAL), copy)) {
            copy.setString(1, to.toString());
            try {
                copy.execute();
            } catch (SQLException e) {
                throw guard.why().orElse(new IOException(e.getMessage(), e));
            }
        } catch (SQLException e) {
            throw new IOException(e.getMessage(), e);
        }
        try (FileChannel channel = FileChannel.open(to, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        requireSound(to);
    }

    /**
     * Checks that a file is an undamaged store.
     *
     * @throws IOException when it is damaged
     */
    static void requireSound(Path file) throws IOException {
        String found = Jdbi.create(forReading(file)).withHandle(handle -> handle.createQuery("PRAGMA quick_check(1)")
                .mapTo(String.class)
                .one());
        if (!found.equals("ok")) {
            throw new IOException(file + " is damaged: " + found);
        }
    }

    /** Whether this user may write the file and its folder. */
    private static boolean isWritable(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        return folder != null && Files.isWritable(folder) && Files.isWritable(file);
    }

    private static SQLiteConfig config() {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLIS);
        // Generated keys are not used, and the driver would query them after each insert.
        config.setGetGeneratedKeys(false);
        config.setCacheSize(-16_000);
        // Only one thread uses a connection at a time, so calls need no lock.
        config.setOpenMode(org.sqlite.SQLiteOpenMode.NOMUTEX);
        return config;
    }

    static SQLiteDataSource source(Path file, SQLiteConfig config) {
        SqliteLibrary.loadFor(file);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        return source;
    }

    @Override
    public boolean isAway(Throwable failure) {
        return false;
    }

    @Override
    public AutoCloseable limit(Handle handle, Duration most) throws SQLException {
        return new SqliteTimeLimit(handle.getConnection(), most);
    }

    @Override
    public boolean isOutOfTime(Throwable failure) {
        return SqliteFailure.codeOf(failure) == SQLiteErrorCode.SQLITE_INTERRUPT;
    }

    @Override
    public boolean isConflict(Throwable failure) {
        return false;
    }

    /** The file system decides who may write, and only for the whole file. */
    @Override
    public boolean isForbidden(Throwable failure) {
        return false;
    }

    @Override
    public String advice(Throwable failure) {
        return SqliteFailure.codeOf(failure) == SQLiteErrorCode.SQLITE_FULL
                ? "; the disk is full; free disk space and try again"
                : "";
    }

    /** A SQLite file is used by one machine, with one clock. */
    @Override
    public Clock clock(Clock own) {
        return own;
    }

    @Override
    public Optional<AutoCloseable> onWork(Runnable look) {
        return Optional.empty();
    }

    @Override
    public void sweep(Handle handle, long before) {}

    @Override
    public void overwriteDeleted(Handle handle) {
        handle.execute(SecureDelete.ON);
    }

    @Override
    public void endOverwriting(Handle handle) {
        handle.execute(secureDelete ? SecureDelete.ON : SecureDelete.OFF);
    }

    @Override
    public int pageOfMovedRows() {
        return secureDelete ? Jdbi.create(forReading(file)).withHandle(SecureDelete::pageSize) : 0;
    }

    @Override
    public void overwriteFreePages() throws IOException {
        try (Connection connection = forWriting(file).getConnection()) {
            new SecureDelete(connection).rewriteIfNeeded(secureDelete, () -> {
                LOG.info("Overwriting previously deleted data in {}; this takes as long as copying the file.", file);
                requireRoomForCopy();
            });
        } catch (SQLException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public boolean isOwnerGone() {
        return StoreLock.isFree(file);
    }

    @Override
    public Optional<AutoCloseable> lockRecords(RecordsLock why) throws IOException {
        return LockedRecords.acquire(file, why);
    }

    @Override
    public OptionalLong freeBytes() {
        Path folder = file.toAbsolutePath().getParent();
        return folder == null
                ? OptionalLong.empty()
                : OptionalLong.of(folder.toFile().getUsableSpace());
    }

    @Override
    public long usedBytes(Handle handle, long limit) {
        return handle.createQuery("SELECT s.page_size * (c.page_count - f.freelist_count)"
                        + " FROM pragma_page_size s, pragma_page_count c, pragma_freelist_count f")
                .mapTo(Long.class)
                .one();
    }
}
