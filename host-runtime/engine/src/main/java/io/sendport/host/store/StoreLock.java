package io.sendport.host.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Held by the one running process of a SQLite store. The operating system lets go of it when the process dies, however it dies. */
public final class StoreLock implements AutoCloseable {

    private final FileChannel channel;

    private StoreLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock.
     *
     * @throws StoreException when another process has it
     */
    public static StoreLock take(Path store) {
        Path file = store.resolveSibling(store.getFileName() + ".lock");
        try {
            OwnerOnly.create(file);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                channel.close();
                throw new StoreException(
                        "another `sendport run` works on " + store + "; stop it first. "
                                + "The other commands work beside it",
                        null);
            }
            return new StoreLock(channel);
        } catch (IOException e) {
            throw new StoreException(
                    "can't lock " + file + ": "
                            + (Files.isWritable(file) ? e.getMessage() : "no permission to write it"),
                    e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /** As {@link #close}, for where nothing can be done about a failure. */
    public void release() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the lock on the message box could not be released", e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
