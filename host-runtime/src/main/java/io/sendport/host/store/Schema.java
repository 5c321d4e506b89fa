package io.sendport.host.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** The store's tables and their version. */
final class Schema {

    /** The newest migration under {@code db/migration}. */
    static final int VERSION = 1;

    private Schema() {}

    static void bringUpToDate(Path file, Store.Access access) throws IOException {
        int found = version(file);
        if (found > VERSION) {
            throw new StoreException(
                    "the message box " + file + " has schema version " + found + ", this program knows " + VERSION
                            + "; use the newer program that wrote it",
                    null);
        }
        if (found == VERSION) {
            return;
        }
        if (access == Store.Access.READ || (access == Store.Access.WRITE && found == 0)) {
            throw new StoreException(
                    "the message box " + file + " has schema version " + found + ", expected " + VERSION
                            + "; `sendport run` brings it up to date",
                    null);
        }
        migrate(file);
    }

    /** 0 when there are no tables yet. */
    private static int version(Path file) throws IOException {
        if (!Files.exists(file) || Files.size(file) == 0) {
            return 0;
        }
        return Jdbi.create(Sqlite.forReading(file)).withHandle(handle -> {
            Optional<Integer> history = handle.createQuery(
                            "SELECT count(*) FROM sqlite_master WHERE name = 'flyway_schema_history'")
                    .mapTo(Integer.class)
                    .findOne();
            if (history.orElse(0) == 0) {
                return 0;
            }
            @Nullable
            Integer version = handle.createQuery(
                            "SELECT max(CAST(version AS INTEGER)) FROM flyway_schema_history WHERE success = 1")
                    .mapTo(Integer.class)
                    .findOne()
                    .orElse(null);
            return version == null ? 0 : version;
        });
    }

    /** Under a lock on a file of its own, since Flyway takes none on SQLite. */
    private static void migrate(Path file) throws IOException {
        Path lockFile = file.resolveSibling(file.getFileName() + ".migration");
        OwnerOnly.create(lockFile);
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (!lock.isValid()) {
                throw new IOException("the lock on " + lockFile + " was lost");
            }
            Flyway.configure()
                    .dataSource(Sqlite.forWriting(file))
                    .locations("classpath:db/migration")
                    .loggers("slf4j")
                    .load()
                    .migrate();
        }
    }
}
