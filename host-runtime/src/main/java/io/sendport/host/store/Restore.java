package io.sendport.host.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jdbi.v3.core.JdbiException;

/** Puts a backup in the place of a store. */
public final class Restore {

    private Restore() {}

    /**
     * Only to be called by who holds the store's lock. What was there is set aside, never deleted.
     *
     * @param mark distinguishes what is set aside
     * @return where that lies now; empty when there was nothing
     * @throws StoreException when the backup is none, or can't be put there
     */
    public static Optional<Path> from(Path backup, Path file, String mark) {
        try {
            if (!Files.isReadable(backup)) {
                throw new StoreException("there is no readable file " + backup, null);
            }
            Sqlite.requireSound(backup);
            Path part = file.resolveSibling(file.getFileName() + ".part");
            Files.deleteIfExists(part);
            OwnerOnly.create(part);
            Files.copy(backup, part, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Optional<Path> aside = Optional.empty();
            for (String ending : new String[] {"", "-wal", "-shm"}) {
                Path old = file.resolveSibling(file.getFileName() + ending);
                if (Files.exists(old)) {
                    Path kept = file.resolveSibling(file.getFileName() + ".before-" + mark + ending);
                    Files.move(old, kept);
                    aside = ending.isEmpty() ? Optional.of(kept) : aside;
                }
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            return aside;
        } catch (IOException | JdbiException e) {
            throw new StoreException("can't restore " + file + " from " + backup + ": " + Sqlite.rootMessage(e), e);
        }
    }
}
