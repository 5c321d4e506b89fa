package io.sendport.host.store;

import io.sendport.host.store.commit.StoreException;
import io.sendport.support.Failures;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.JdbiException;

/** Puts a backup in the place of a store. */
public final class Restore {

    private static final List<String> ENDINGS = List.of("", "-wal", "-shm");

    private Restore() {}

    /**
     * Copies a backup beside the store, where it can be made ready before it takes the store's place.
     *
     * @throws StoreException when it is no store, damaged, or can't be copied
     */
    public static Path beside(Path backup, Path file) {
        try {
            if (!Files.isReadable(backup)) {
                throw new StoreException("there is no readable file " + backup, null);
            }
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                OwnerOnly.createFolder(folder);
                // The folder of the backup is not ours to unpack a library into.
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
            throw new StoreException("can't restore " + file + " from " + backup + ": " + Failures.reason(e), e);
        }
    }

    /**
     * Gives a store another name, under which nothing finds it. Only to be called by who holds the store's lock.
     *
     * @param mark distinguishes what is set aside
     * @return where it lies now
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

    /**
     * Puts what {@link #beside} gave in the place of the store, while nobody else has that open. Only to be called by who holds the store's
     * lock. What was there is set aside, never deleted.
     *
     * @param mark distinguishes what is set aside
     * @return where that lies now; empty when there was nothing
     * @throws StoreException when it can't be put there, or other processes have the store open
     */
    public static Optional<Path> swap(Path ready, Path file, String mark) {
        try {
            try (FileChannel channel = FileChannel.open(ready, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            if (!Files.exists(file)) {
                Files.move(ready, file, StandardCopyOption.ATOMIC_MOVE);
                return Optional.empty();
            }
            return Optional.of(swapAlone(ready, file, mark));
        } catch (IOException e) {
            throw new StoreException("can't put " + ready + " in the place of " + file + ": " + e.getMessage(), e);
        }
    }

    /** Whoever opens the file for writing waits until the other one has its place. */
    private static Path swapAlone(Path ready, Path file, String mark) throws IOException {
        try (SyncLock lock = SyncLock.of(file)) {
            lock.alone(() -> {
                try (SqliteAlone alone = SqliteAlone.open(file)) {
                    // A log beside it would be taken for the other file's.
                    alone.giveUpLog();
                    setAside(file, mark);
                    Files.move(ready, file, StandardCopyOption.ATOMIC_MOVE);
                }
            });
        }
        return aside(file, mark);
    }
}
