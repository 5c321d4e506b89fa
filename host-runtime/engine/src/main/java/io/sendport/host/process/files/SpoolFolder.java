package io.sendport.host.process.files;

import io.sendport.host.store.OwnerOnly;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The spool folder of one process, for data that is too large for memory. The lock on a file in it shows that the process is alive.
 * Other processes on the same machine can thus delete the folders of crashed processes.
 */
public final class SpoolFolder implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SpoolFolder.class);
    private static final String LOCK = "lock";

    /**
     * The folders of this process. Their lock files must not be opened again: closing any channel on a file releases all locks that the
     * process has on it.
     */
    private static final Set<Path> CLAIMED = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel channel;

    private SpoolFolder(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /**
     * Creates the folder {@code process} in {@code parent}, accessible only to its owner. Deletes the folders of dead processes.
     *
     * @throws IOException when a folder cannot be created, read or deleted
     */
    public static SpoolFolder claim(Path parent, String process) throws IOException {
        OwnerOnly.createFolder(parent);
        Path parentLock = parent.resolve(LOCK);
        OwnerOnly.create(parentLock);
        // Only one process at a time passes, so that none treats a folder that is being created as dead.
        synchronized (SpoolFolder.class) {
            try (FileChannel parentChannel = FileChannel.open(parentLock, StandardOpenOption.WRITE);
                    FileLock held = parentChannel.lock()) {
                LOG.debug("locked {} for a moment", held);
                return createLocked(parent, process);
            }
        }
    }

    private static SpoolFolder createLocked(Path parent, String process) throws IOException {
        try (DirectoryStream<Path> others = Files.newDirectoryStream(parent, Files::isDirectory)) {
            for (Path other : others) {
                removeIfDead(other);
            }
        }
        Path own = parent.resolve(process);
        OwnerOnly.createFolder(own);
        Path lock = own.resolve(LOCK);
        OwnerOnly.create(lock);
        FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
        if (channel.tryLock() == null) {
            channel.close();
            throw new IOException("another process uses " + own);
        }
        CLAIMED.add(real(own));
        return new SpoolFolder(own, channel);
    }

    private static void removeIfDead(Path folder) throws IOException {
        Path lock = folder.resolve(LOCK);
        if (!Files.exists(lock) || CLAIMED.contains(real(folder))) {
            return;
        }
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                FileLock held = channel.tryLock()) {
            if (held != null) {
                remove(folder);
            }
        } catch (NoSuchFileException e) {
            // A process that ends deletes its own folder during this check.
            LOG.debug("{} was deleted meanwhile", folder);
        }
    }

    /** The real path of the folder. Resolves only the parent, because another process may delete the folder at any time. */
    private static Path real(Path folder) throws IOException {
        Path parent = folder.toAbsolutePath().getParent();
        return parent == null ? folder.toAbsolutePath() : parent.toRealPath().resolve(folder.getFileName());
    }

    /**
     * Deletes a folder. Deletes the lock file last, so that another process can continue after an interruption. Follows no symbolic link.
     */
    private static void remove(Path folder) throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder)) {
            for (Path each : left) {
                if (Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
                    remove(each);
                } else if (!each.endsWith(LOCK)) {
                    Files.deleteIfExists(each);
                }
            }
        }
        Files.deleteIfExists(folder.resolve(LOCK));
        Files.deleteIfExists(folder);
    }

    /** The path of the folder. */
    public Path path() {
        return folder;
    }

    @Override
    public void close() throws IOException {
        if (!channel.isOpen()) {
            return;
        }
        Path real = real(folder);
        try {
            remove(folder);
        } finally {
            channel.close();
            CLAIMED.remove(real);
        }
    }
}
