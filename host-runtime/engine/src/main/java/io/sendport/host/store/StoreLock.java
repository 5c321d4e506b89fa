package io.sendport.host.store;

import io.sendport.host.store.commit.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Held by the one running process of a SQLite store. The operating system lets go of it when the process dies, however it dies. */
public final class StoreLock implements AutoCloseable {

    /** What this program holds. Closing any channel on a file gives up all locks of a process on it, so no second channel may be opened. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final FileChannel channel;
    private final Path file;

    private StoreLock(FileChannel channel, Path file) {
        this.channel = channel;
        this.file = file;
    }

    /**
     * Takes the lock.
     *
     * @throws StoreException when another process has it, or this one does already
     */
    public static StoreLock take(Path store) {
        Path file = store.resolveSibling(store.getFileName() + ".lock");
        try {
            OwnerOnly.create(file);
            Path real = file.toRealPath();
            if (!HELD.add(real)) {
                throw busy(store);
            }
            FileChannel channel = null;
            try {
                channel = FileChannel.open(real, StandardOpenOption.WRITE);
                if (channel.tryLock() == null) {
                    throw busy(store);
                }
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

    private static StoreException busy(Path store) {
        return new StoreException(
                "another `sendport run` works on " + store + "; stop it first. The other commands work beside it",
                null);
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
