package io.sendport.host.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.sendport.config.MessageBoxSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/** The database. Reads run side by side; writes go through one committing thread. Safe for use by several threads. */
public final class Store implements AutoCloseable {

    private static final int READERS = 8;

    private final Path file;
    private final Jdbi readers;
    private final HikariDataSource pool;
    private final @Nullable Committer committer;

    /** What a process wants of the store. */
    public enum Access {
        /** Makes it where it isn't, and brings its schema up to date. */
        CREATE,
        /** It must be there. */
        WRITE,
        /** It must be there, and is not changed. */
        READ
    }

    private Store(Path file, HikariDataSource pool, @Nullable Committer committer) {
        this.file = file;
        this.pool = pool;
        this.readers = Jdbi.create(pool);
        this.committer = committer;
    }

    /**
     * Opens the store that the settings name.
     *
     * @throws StoreException when it isn't there, can't be opened, or was written by a newer version
     */
    public static Store open(MessageBoxSettings settings, Access access) {
        Path file = settings.sqliteFile()
                .orElseThrow(() ->
                        new StoreException("store " + settings.url() + ": only SQLite is done in this version", null));
        try {
            if (access == Access.CREATE) {
                createFolder(file);
            } else if (!Files.exists(file)) {
                throw new StoreException(
                        "there is no message box at " + file + "; `sendport run` or `sendport submit` makes one", null);
            }
            Schema.bringUpToDate(file, access);
            Committer committer = access == Access.READ
                    ? null
                    : new Committer(
                            Jdbi.create(Sqlite.forWriting(file)).open().setStatementBuilder(new KeptStatements()));
            return new Store(file, readers(file), committer);
        } catch (IOException | JdbiException e) {
            throw failed("open", file, e);
        }
    }

    private static void createFolder(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            Files.createDirectories(folder);
        }
        if (!Files.exists(file)) {
            OwnerOnly.create(file);
        }
    }

    private static HikariDataSource readers(Path file) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("sendport-readers");
        config.setDataSource(Sqlite.forReading(file));
        config.setConnectionInitSql("PRAGMA query_only = 1");
        // The pool would else make each connection writable, which the driver refuses.
        config.setReadOnly(!Sqlite.isWritable(file));
        config.setMaximumPoolSize(READERS);
        config.setMinimumIdle(0);
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    /** Runs {@code query} on a connection that can change nothing. */
    public <T> T read(Function<Handle, T> query) {
        try {
            return readers.withHandle(query::apply);
        } catch (JdbiException e) {
            throw failed("read", file, e);
        }
    }

    /**
     * Runs {@code write} in the next transaction and returns once that is on disk.
     *
     * @throws StoreException when it could not be written; nothing of it was
     */
    public <T> T write(Write<T> write) {
        Committer writer = committer;
        if (writer == null) {
            throw new IllegalStateException("the store was opened for reading only");
        }
        try {
            return writer.commit(write);
        } catch (JdbiException e) {
            throw failed("write to", file, e);
        }
    }

    /** As {@link #write}, for a write that gives nothing. */
    public void change(Consumer<Transaction> change) {
        write(transaction -> {
            change.accept(transaction);
            return true;
        });
    }

    /** Why nothing is written any more; empty while all is well. */
    public Optional<String> fault() {
        Committer writer = committer;
        return Optional.ofNullable(writer == null ? null : writer.broken());
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
            Sqlite.copy(file, part);
            Sqlite.requireSound(part);
            Files.move(part, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | JdbiException e) {
            throw failed("back up", file, e);
        }
    }

    /** The database file. */
    public Path file() {
        return file;
    }

    /** Bytes that the disk under the store still takes. */
    public long freeBytes() {
        return file.toAbsolutePath().getParent() == null
                ? Long.MAX_VALUE
                : file.toAbsolutePath().getParent().toFile().getUsableSpace();
    }

    /** Bytes that the store holds, space that is free for reuse left out. */
    public long usedBytes() {
        return read(handle -> {
            long page = pragma(handle, "page_size");
            return page * (pragma(handle, "page_count") - pragma(handle, "freelist_count"));
        });
    }

    private static long pragma(Handle handle, String name) {
        return handle.createQuery("PRAGMA " + name).mapTo(Long.class).one();
    }

    private static StoreException failed(String verb, Path file, Exception e) {
        String advice = Sqlite.isFull(e) ? "; the disk is full: make room and try again" : "";
        return new StoreException(
                "can't " + verb + " the message box " + file + ": " + Sqlite.rootMessage(e) + advice, e);
    }

    @Override
    public void close() {
        if (committer != null) {
            committer.close();
        }
        pool.close();
    }
}
