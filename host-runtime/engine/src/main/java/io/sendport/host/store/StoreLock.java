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

/** Held by the one running process of a SQLite store. The operating system lets go of it when the process dies, however it dies. */
public final class StoreLock implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StoreLock.class);

    /** What this program holds. Closing any channel on a file gives up all locks of a process on it, so no second channel may be opened. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private static final int LOOKS = 5;
    private static final long LOOK_NANOS = 10_000_000;

    private final FileChannel channel;
    private final Path file;

    private StoreLock(FileChannel channel, Path file) {
        this.channel = channel;
        this.file = file;
    }

    /** Whether no process has it: whoever had it has ended. */
    public static synchronized boolean isFree(Path store) {
        Path file = lockOf(store);
        try {
            // Where there never was a lock nobody can have let go of it.
            if (!Files.exists(file) || HELD.contains(file.toRealPath())) {
                return false;
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                    FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
                return lock != null;
            }
        } catch (IOException | OverlappingFileLockException e) {
            // It can't be said.
            return false;
        }
    }

    private static Path lockOf(Path store) {
        return store.resolveSibling(store.getFileName() + ".lock");
    }

    /**
     * Takes the lock.
     *
     * @throws StoreException when another process has it, or this one does already
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
                    "can't lock " + file + ": "
                            + (Files.isWritable(file) ? e.getMessage() : "no permission to write it"),
                    e);
        }
    }

    /** A command that looks whether it is free has it for an instant. */
    private static boolean lock(FileChannel channel) throws IOException {
        for (int i = 0; i < LOOKS; i++) {
            if (channel.tryLock() != null) {
                return true;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return channel.tryLock() != null;
    }

    /** Who has it, for whoever finds it taken. */
    private static void sign(FileChannel channel) {
        try {
            channel.truncate(0);
            channel.write(
                    StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n"));
        } catch (IOException e) {
            // The lock holds all the same, on a full disk too: only a second process can't name this one.
            LOG.debug("could not write the process number into the lock of the message box: {}", e.getMessage());
        }
    }

    private static StoreException busy(Path store, String holder) {
        return new StoreException(
                "another `sendport run` works on " + store + holder
                        + "; stop it first. The other commands work beside it",
                null);
    }

    /** Windows lets nobody read what another process has locked. */
    private static String holder(Path lock) {
        try {
            String pid = Files.readString(lock, StandardCharsets.US_ASCII).strip();
            return pid.isEmpty() ? "" : " (process " + pid + ")";
        } catch (IOException e) {
            return "";
        }
    }

    /** As {@link #close}, for where nothing can be done about a failure. */
    public void release() {
        try {
            close();
        } catch (IOException e) {
            throw new UncheckedIOException("the lock on the message box could not be released", e);
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
