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
 * Serializes, across processes, syncs of a SQLite file's write-ahead log with opening that file for writing.
 *
 * <p>The kernel reports a failed sync once to each descriptor that was open then, and never to one that is opened later. If a
 * process opened the log between another process's failed sync and its disk failure marker, it would acknowledge commits after lost
 * pages. Therefore a sync, with its marker, holds this lock shared, and opening the file holds it exclusively.
 * {@code store restore} also holds it exclusively, so that nobody opens a file that is about to be moved away. Safe for use by
 * several threads.
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

    /** The lock of this process for {@code store}. Every caller must close it. */
    static SyncLock of(Path store) throws IOException {
        Path file = Sqlite.beside(store, ".sync");
        // File locks belong to the process, and closing any descriptor of the file releases all of them.
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

    /** Work under the lock. */
    interface Work {
        void run() throws IOException;
    }

    /** Syncs, concurrently with other syncs. */
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

    /** Opens or moves the file while nobody else does and nobody syncs. */
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
