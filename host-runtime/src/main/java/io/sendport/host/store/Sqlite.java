package io.sendport.host.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What is particular to SQLite. */
final class Sqlite {

    private static final int BUSY_MILLIS = 20_000;
    /** Pages in the log before they are moved into the file: 32 MB, so that a page that changes often is moved once. */
    private static final int LOG_PAGES = 8_000;

    private Sqlite() {}

    /** For writing: WAL, a sync at every commit, and the write lock taken at once. */
    static SQLiteDataSource forWriting(Path file) {
        SQLiteConfig config = config();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setPragma(SQLiteConfig.Pragma.WAL_AUTOCHECKPOINT, Integer.toString(LOG_PAGES));
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        return source(file, config);
    }

    /** For reading: can change nothing. Where the folder can't be written and no host runs, the file is read as it lies. */
    static SQLiteDataSource forReading(Path file) {
        SQLiteConfig config = config();
        if (!isWritable(file)) {
            config.setReadOnly(true);
            boolean atRest = !Files.exists(file.resolveSibling(file.getFileName() + "-wal"));
            SQLiteDataSource source = new SQLiteDataSource(config);
            source.setUrl(
                    "jdbc:sqlite:" + (atRest ? "file:" + file.toUri().getRawPath() + "?immutable=1" : file.toString()));
            return source;
        }
        config.resetOpenMode(org.sqlite.SQLiteOpenMode.CREATE);
        return source(file, config);
    }

    /** Into a file that is there and empty, as of one moment, and on disk. */
    static void copy(Path file, Path to) throws IOException {
        SQLiteConfig config = config();
        config.resetOpenMode(org.sqlite.SQLiteOpenMode.CREATE);
        Jdbi.create(source(file, config)).useHandle(handle -> handle.execute("VACUUM INTO ?", to.toString()));
        try (FileChannel channel = FileChannel.open(to, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Whether a file is a store, and whole. */
    static void requireSound(Path file) throws IOException {
        String found = Jdbi.create(forReading(file)).withHandle(handle -> handle.createQuery("PRAGMA quick_check(1)")
                .mapTo(String.class)
                .one());
        if (!found.equals("ok")) {
            throw new IOException(file + " is damaged: " + found);
        }
    }

    /** Whether this user may write the file, and beside it. */
    static boolean isWritable(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        return folder != null && Files.isWritable(folder) && Files.isWritable(file);
    }

    private static SQLiteConfig config() {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLIS);
        config.setCacheSize(-16_000);
        return config;
    }

    private static SQLiteDataSource source(Path file, SQLiteConfig config) {
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        return source;
    }

    /** Whether nobody can say if a commit that failed so is on disk. */
    static boolean leavesDiskInDoubt(Throwable failure) {
        SQLiteErrorCode code = codeOf(failure);
        return code != null && code.name().startsWith("SQLITE_IOERR");
    }

    /** Whether the disk or the store's limit is full, or the store may not be written. */
    static boolean isFull(Throwable failure) {
        SQLiteErrorCode code = codeOf(failure);
        return code == SQLiteErrorCode.SQLITE_FULL;
    }

    static @Nullable SQLiteErrorCode codeOf(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof SQLiteException sqlite) {
                return sqlite.getResultCode();
            }
        }
        return null;
    }

    static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}
