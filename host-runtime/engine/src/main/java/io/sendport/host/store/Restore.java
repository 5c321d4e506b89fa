package io.sendport.host.store;

import io.sendport.host.store.commit.StoreException;
import io.sendport.support.Failures;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.JdbiException;

/** Replaces a store by a backup. */
public final class Restore {

    private static final List<String> ENDINGS = List.of("", "-wal", "-shm");

    private Restore() {}

    /**
     * Copies a backup into the store's folder, where it can be prepared before it replaces the store.
     *
     * @throws StoreException when it is not a store, is damaged, or cannot be copied
     */
    public static Path beside(Path backup, Path file) {
        try {
            if (!Files.isReadable(backup)) {
                throw new StoreException("cannot read the backup file " + backup, null);
            }
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                OwnerOnly.createFolder(folder);
                // Do not unpack the native library into the backup's folder.
                SqliteLibrary.load(folder);
            }
            Sqlite.requireSound(backup);
            Path part = file.resolveSibling(file.getFileName() + ".restore");
            for (String ending : ENDINGS) {
                Files.deleteIfExists(part.resolveSibling(part.getFileName() + ending));
            }
            try (OutputStream out = OwnerOnly.newFile(part)) {
                Files.copy(backup, out);
            }
            return part;
        } catch (IOException | JdbiException e) {
            throw new StoreException("cannot restore " + file + " from " + backup + ": " + Failures.reason(e), e);
        }
    }

    /**
     * Renames a store and its log, so that no process finds it. The caller must hold the store's lock.
     *
     * @param mark a unique suffix for the new name
     * @return the new path
     * @throws IOException when a file cannot be renamed
     */
    public static Path setAside(Path file, String mark) throws IOException {
        for (String ending : ENDINGS) {
            Path old = file.resolveSibling(file.getFileName() + ending);
            if (Files.exists(old)) {
                Files.move(old, file.resolveSibling(file.getFileName() + "." + mark + ending));
            }
        }
        return aside(file, mark);
    }

    private static Path aside(Path file, String mark) {
        return file.resolveSibling(file.getFileName() + "." + mark);
    }

    /** The last step before the store is replaced, such as signing. Runs on the caller's thread. */
    @FunctionalInterface
    public interface Preparation {
        /**
         * Completes the file that replaces the store.
         *
         * @param replaced queries the store that is being replaced; empty when there is none or it is damaged
         * @throws IOException when the store must not be replaced
         */
        void complete(Optional<ReplacedStore> replaced) throws IOException;
    }

    /**
     * Replaces the store by the file that {@link #beside} returned, while no other process has the store open. The caller must hold the
     * store's lock. The old store is renamed, never deleted.
     *
     * @param mark a unique suffix for the new name
     * @param preparation runs while no other process can open the store
     * @return the new path of the old store; empty when there was none
     * @throws StoreException when the replacement fails, or other processes have the store open
     * @throws IOException when {@code preparation} fails; nothing was replaced then
     */
    public static Optional<Path> swap(Path ready, Path file, String mark, Preparation preparation) throws IOException {
        try {
            if (!Files.exists(file)) {
                replace(ready, file, mark, preparation, Optional.empty());
                return Optional.empty();
            }
            try (SharedFileLock lock = SharedFileLock.ofSyncs(file)) {
                lock.exclusively(() -> swapExclusively(ready, file, mark, preparation));
            }
            return Optional.of(aside(file, mark));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (IOException e) {
            throw new StoreException("cannot replace " + file + " with " + ready + ": " + e.getMessage(), e);
        }
    }

    /** Replaces an existing store. Processes that open it for writing wait until this is done. */
    private static void swapExclusively(Path ready, Path file, String mark, Preparation preparation)
            throws IOException {
        try (ExclusiveSqlite exclusive = ExclusiveSqlite.open(file)) {
            exclusive.turnOffLog();
            replace(ready, file, mark, preparation, Optional.of(new ReplacedStore(file, exclusive.reading())));
        } catch (IOException e) {
            if (!SqliteFailure.isDamage(e) || !Files.exists(ready)) {
                throw e;
            }
            // A damaged store cannot be opened exclusively, but no process can work with it. Its log stays with it.
            replace(ready, file, mark, preparation, Optional.empty());
        }
    }

    /** Replaces the file. SQLite would apply an old log to the new file, so first renames any log too, even one without its store. */
    private static void replace(
            Path ready, Path file, String mark, Preparation preparation, Optional<ReplacedStore> replaced)
            throws IOException {
        try {
            preparation.complete(replaced);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try (FileChannel channel = FileChannel.open(ready, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        setAside(file, mark);
        Files.move(ready, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
