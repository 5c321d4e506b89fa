package io.sendport.host.store;

import io.sendport.host.store.commit.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lock of the one process that may run on a SQLite store. The operating system releases it when that process ends for any reason. */
public final class StoreLock implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StoreLock.class);

    /**
     * The lock files that this process has locked. Closing any channel on a file releases all locks of the process on that file, so this
     * class must not open a second channel.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private static final int TRIES = 5;
    private static final long RETRY_NANOS = 10_000_000;

    private final FileChannel channel;
    private final Path file;

    private StoreLock(FileChannel channel, Path file) {
        this.channel = channel;
        this.file = file;
    }

    /** Whether the lock was held before and no process holds it now. False if that is unknown. */
    public static synchronized boolean isFree(Path store) {
        Path file = lockOf(store);
        try {
            // Without a lock file, no process has held the lock yet.
            if (!Files.exists(file) || HELD.contains(file.toRealPath())) {
                return false;
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                    FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
                return lock != null;
            }
        } catch (IOException | OverlappingFileLockException e) {
            // Unknown.
            return false;
        }
    }

    private static Path lockOf(Path store) {
        return store.resolveSibling(store.getFileName() + ".lock");
    }

    /**
     * Takes the lock.
     *
     * @throws StoreException when another process, or this one, already holds it
     */
    public static synchronized StoreLock take(Path store) {
        Path file = lockOf(store);
        try {
            OwnerOnly.create(file);
            Path real = file.toRealPath();
            if (!HELD.add(real)) {
                throw busy(store, " in this process");
            }
            FileChannel channel = null;
            try {
                channel = FileChannel.open(real, StandardOpenOption.WRITE);
                if (!lock(channel)) {
                    throw busy(store, holder(real));
                }
                sign(channel);
                return new StoreLock(channel, real);
            } catch (IOException | RuntimeException e) {
                HELD.remove(real);
                if (channel != null) {
                    channel.close();
                }
                throw e;
            }
        } catch (IOException e) {
            throw new StoreException(
                    "cannot lock " + file + ": "
                            + (Files.isWritable(file) ? e.getMessage() : "no permission to write it"),
                    e);
        }
    }

    /** Retries, because a command that checks the lock holds it for an instant. */
    private static boolean lock(FileChannel channel) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            if (channel.tryLock() != null) {
                return true;
            }
            LockSupport.parkNanos(RETRY_NANOS);
        }
        return channel.tryLock() != null;
    }

    /** Writes the id of this process into the lock file, so that other processes can name the holder. */
    private static void sign(FileChannel channel) {
        try {
            channel.truncate(0);
            channel.write(
                    StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n"));
        } catch (IOException e) {
            // The lock is valid without the id; another process then just cannot name this one.
            LOG.debug("cannot write the process id into the lock of the message box: {}", e.getMessage());
        }
    }

    private static StoreException busy(Path store, String holder) {
        return new StoreException(
                "another host process or store command uses " + store + holder
                        + ". Stop it or wait until it ends, then try again. Commands that only read or act on messages can run at"
                        + " the same time",
                null);
    }

    /** The id of the process that holds the lock; empty if unknown. On Windows, a file that another process has locked is unreadable. */
    private static String holder(Path lock) {
        try {
            String pid = Files.readString(lock, StandardCharsets.US_ASCII).strip();
            return pid.isEmpty() ? "" : " (process " + pid + ")";
        } catch (IOException e) {
            return "";
        }
    }

    /** Releases the lock as {@link #close} does, but throws an unchecked exception. */
    public void release() {
        try {
            close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot release the lock on the message box", e);
        }
    }

    @Override
    public void close() throws IOException {
        if (channel.isOpen()) {
            try {
                channel.close();
            } finally {
                HELD.remove(file);
            }
        }
    }
}
