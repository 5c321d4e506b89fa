package io.sendport.host.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * A lock that threads and processes hold either shared or exclusively. It combines a lock on a file with a lock among the threads. Safe for
 * use by several threads.
 */
final class SharedFileLock implements AutoCloseable {

    private static final Map<Path, SharedFileLock> OPEN = new HashMap<>();

    private final Path file;
    private final FileChannel channel;
    private final ReentrantReadWriteLock threads = new ReentrantReadWriteLock();
    private int users;
    private int sharing;
    private @Nullable FileLock shared;
    private @Nullable FileLock exclusive;

    private SharedFileLock(Path file) throws IOException {
        this.file = file;
        this.channel = open(file);
    }

    /**
     * The lock for syncs of a SQLite file's write-ahead log, which hold it shared, and for opening that file for writing, which holds it
     * exclusively.
     *
     * <p>The kernel reports a failed sync once to each descriptor that is open at that time, and never to a descriptor that is opened
     * later. Suppose that a process opens the log after the failed sync of another process and before that process creates its disk
     * failure marker. It would acknowledge commits that follow lost pages. Therefore a process holds this lock shared during a sync and
     * until the marker exists. {@code store restore} holds the lock exclusively, so that no process opens a file that is about to be
     * renamed.
     */
    static SharedFileLock ofSyncs(Path store) throws IOException {
        Path file = Sqlite.beside(store, ".sync");
        OwnerOnly.create(file);
        return of(file);
    }

    /**
     * The lock for verifications of a ledger, which hold it shared, and for moves of its records into another form, which hold it
     * exclusively. Writers of the store create the file, so that it belongs to them. An account that may only read the file can hold the
     * lock shared.
     *
     * @throws java.nio.file.NoSuchFileException when no writer has created the file yet
     * @throws java.nio.file.AccessDeniedException when this account may not read the file
     */
    static SharedFileLock ofRecords(Path store) throws IOException {
        return of(recordsFile(store));
    }

    static Path recordsFile(Path store) throws IOException {
        return Sqlite.beside(store, ".records");
    }

    private static FileChannel open(Path file) throws IOException {
        try {
            return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (AccessDeniedException e) {
            // This is enough to hold the lock shared.
            return FileChannel.open(file, StandardOpenOption.READ);
        }
    }

    /** The lock of this process on {@code file}. Every caller must close it. */
    private static SharedFileLock of(Path file) throws IOException {
        // File locks belong to the process, and closing any descriptor of the file releases all of them.
        synchronized (OPEN) {
            SharedFileLock lock = OPEN.get(file);
            if (lock == null) {
                lock = new SharedFileLock(file);
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

    /** Runs {@code work} while this thread holds the lock shared. */
    void shared(Work work) throws IOException {
        share();
        try {
            work.run();
        } finally {
            unshare();
        }
    }

    /** Takes the lock shared, until {@link #unshare} on the same thread. */
    void share() throws IOException {
        threads.readLock().lock();
        try {
            shareWithProcesses();
        } catch (IOException | RuntimeException e) {
            threads.readLock().unlock();
            throw e;
        }
    }

    void unshare() throws IOException {
        try {
            release();
        } finally {
            threads.readLock().unlock();
        }
    }

    private synchronized void shareWithProcesses() throws IOException {
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

    /**
     * Takes the lock exclusively if it is free now, until {@link #endExclusive} on the same thread.
     *
     * @return whether it was taken
     */
    boolean tryExclusive() throws IOException {
        if (!threads.writeLock().tryLock()) {
            return false;
        }
        boolean isTaken = false;
        try {
            exclusive = tryLock();
            isTaken = exclusive != null;
            return isTaken;
        } finally {
            if (!isTaken) {
                threads.writeLock().unlock();
            }
        }
    }

    private @Nullable FileLock tryLock() throws IOException {
        try {
            return channel.tryLock();
        } catch (NonWritableChannelException e) {
            throw new AccessDeniedException(file.toString());
        }
    }

    void endExclusive() throws IOException {
        FileLock own = exclusive;
        exclusive = null;
        try {
            if (own != null) {
                own.release();
            }
        } finally {
            threads.writeLock().unlock();
        }
    }

    /** Waits until the lock is free, and runs {@code work} while this thread holds it exclusively. */
    void exclusively(Work work) throws IOException {
        threads.writeLock().lock();
        try {
            FileLock lock = channel.lock();
            try {
                work.run();
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
