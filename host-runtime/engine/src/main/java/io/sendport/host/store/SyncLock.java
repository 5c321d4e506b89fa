package io.sendport.host.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * Orders, across processes, the syncs of a SQLite file's write-ahead log and the moments at which that file is opened for writing.
 *
 * <p>The kernel reports a failed sync once to each descriptor that was open then, and to none that is opened later. A process that opened
 * the log between another's failed sync and the mark that tells of it would acknowledge commits behind lost pages. So a sync, with its
 * mark, holds this lock shared, and opening the file holds it alone. {@code store restore} holds it alone as well, so that nobody opens
 * a file that is about to be moved away. Safe for use by several threads.
 */
final class SyncLock implements AutoCloseable {

    private static final Map<Path, SyncLock> OPEN = new HashMap<>();

    private final Path file;
    private final FileChannel channel;
    private final ReentrantReadWriteLock threads = new ReentrantReadWriteLock();
    private int users;
    private int sharing;
    private @Nullable FileLock shared;

    private SyncLock(Path file) throws IOException {
        this.file = file;
        OwnerOnly.create(file);
        this.channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** The one of this process for {@code store}. To be closed by each who asked. */
    static SyncLock of(Path store) throws IOException {
        Path file = Sqlite.beside(store, ".sync");
        // The operating system's locks are a process's, and closing any descriptor of the file lets go of them all.
        synchronized (OPEN) {
            SyncLock lock = OPEN.get(file);
            if (lock == null) {
                lock = new SyncLock(file);
                OPEN.put(file, lock);
            }
            lock.users++;
            return lock;
        }
    }

    /** What is done under the lock. */
    interface Work {
        void run() throws IOException;
    }

    /** Syncs, together with others that do. */
    void shared(Work sync) throws IOException {
        threads.readLock().lock();
        try {
            share();
            try {
                sync.run();
            } finally {
                release();
            }
        } finally {
            threads.readLock().unlock();
        }
    }

    private synchronized void share() throws IOException {
        if (sharing == 0) {
            shared = channel.lock(0, Long.MAX_VALUE, true);
        }
        sharing++;
    }

    private synchronized void release() throws IOException {
        FileLock last = shared;
        if (--sharing == 0 && last != null) {
            shared = null;
            last.release();
        }
    }

    /** Opens the file, or moves it away, while nobody else does and nobody syncs. */
    void alone(Work open) throws IOException {
        threads.writeLock().lock();
        try {
            FileLock lock = channel.lock();
            try {
                open.run();
            } finally {
                lock.release();
            }
        } finally {
            threads.writeLock().unlock();
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (OPEN) {
            if (--users == 0) {
                OPEN.remove(file);
                channel.close();
            }
        }
    }
}
