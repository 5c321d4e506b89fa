package io.sendport.host.store;

import io.sendport.host.store.commit.Database;
import io.sendport.host.store.commit.RecordsLock;
import io.sendport.host.store.commit.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jdbi.v3.core.JdbiException;

/** Writes a copy of one snapshot. The file gets its final name only when it is complete. */
final class Backup {

    private Backup() {}

    /** Writes the copy to {@code to}, which must not exist; see {@link Store#backUp}. */
    static void write(Database database, Path to) {
        Path part = to.resolveSibling(to.getFileName() + ".part");
        try {
            if (Files.exists(to)) {
                throw new StoreException(
                        "the file " + to + " already exists; a backup never overwrites a file. Give another file name",
                        null,
                        StoreException.Reason.INVALID);
            }
            Files.deleteIfExists(part);
            try {
                OwnerOnly.create(part);
                // Keep records from moving meanwhile: a move writes much, and the copy holds back the write-ahead log.
                RecordsWork.run(database, RecordsLock.VERIFY, () -> copied(database, part));
                Files.move(part, to, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (UncheckedIOException | IOException | JdbiException e) {
            throw Store.failed("back up", database, e);
        }
    }

    private static Path copied(Database database, Path to) {
        try {
            database.copy(to);
            return to;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
