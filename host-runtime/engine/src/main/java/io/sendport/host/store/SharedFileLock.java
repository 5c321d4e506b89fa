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

/** A lock that threads and processes hold shared or alone: a lock on a file, and one among the threads. Safe for use by several threads. */
final class SharedFileLock implements AutoCloseable {

    private static final Map<Path, SharedFileLock> OPEN = new HashMap<>();

    private final Path file;
    private final FileChannel channel;
    private final ReentrantReadWriteLock threads = new ReentrantReadWriteLock();
    private int users;
    private int sharing;
    private @Nullable FileLock shared;
    private @Nullable FileLock alone;

    private SharedFileLock(Path file) throws IOException {
        this.file = file;
        this.channel = open(file);
    }

    /**
     * For syncs of a SQLite file's write-ahead log, which share it, and for opening that file for writing.
     *
     * <p>The kernel reports a failed sync once to each descriptor that was open then, and never to one that is opened later. If a
     * process opened the log between another process's failed sync and its disk failure marker, it would acknowledge commits after
     * lost pages. Therefore a sync, with its marker, holds this lock shared, and opening the file holds it alone.
     * {@code store restore} also holds it alone, so that nobody opens a file that is about to be moved away.
     */
    static SharedFileLock ofSyncs(Path store) throws IOException {
        Path file = Sqlite.beside(store, ".sync");
        OwnerOnly.create(file);
        return of(file);
    }

    /**
     * For verifications of a ledger, which share it, and for moves of its records into another form. Writers of the store create its
     * file, so that it belongs to them; an account that may only read it can share the lock.
     *
     * @throws java.nio.file.NoSuchFileException when no writer created it yet
     * @throws java.nio.file.AccessDeniedException when this account may not read it
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
            // Enough to share it.
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

    /** Works concurrently with others that share it. */
    void shared(Work work) throws IOException {
        share();
        try {
            work.run();
        } finally {
            unshare();
        }
    }

    /** Shares it until {@link #unshare} on the same thread. */
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
     * Takes it alone, if nobody has it at the moment, until {@link #endAlone} on the same thread.
     *
     * @return whether it was taken
     */
    boolean tryAlone() throws IOException {
        if (!threads.writeLock().tryLock()) {
            return false;
        }
        boolean isTaken = false;
        try {
            alone = tryLock();
            isTaken = alone != null;
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

    void endAlone() throws IOException {
        FileLock own = alone;
        alone = null;
        try {
            if (own != null) {
                own.release();
            }
        } finally {
            threads.writeLock().unlock();
        }
    }

    /** Works while nobody else has it. */
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
