package io.sendport.host.store.commit;

import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** A writing connection. One thread uses it, except for {@link #sync} and {@link #giveUp}. */
public interface Writer extends AutoCloseable {

    /** Begins a transaction; reconnects if the last connection was lost. */
    Handle begin();

    /** The state of the store, as the current transaction sees it. */
    StoreState state();

    /** Describes commits of this process that are missing, as the current transaction shows; empty when none is. */
    Optional<String> lossSeen();

    /** Notifies other processes of new work, with the commit or soon after it. */
    void announceWork();

    /** Whether a notification is pending. The next transaction sends it. */
    boolean hasPendingNotify();

    /**
     * Commits. If {@link #syncsApart}, the commit may not be on disk before the next {@link #sync}.
     *
     * @throws DiskInDoubtException when the disk failed, and it is unknown whether the commit succeeded
     * @throws StoreException when the connection broke, and it is unknown whether the commit succeeded
     * @throws RuntimeException when the commit failed
     */
    void commit();

    /** Whether commits are on disk only after {@link #sync}. */
    boolean syncsApart();

    /**
     * Returns once all earlier commits are on disk. Runs on a separate thread, while the committing thread continues.
     *
     * @throws DiskInDoubtException when the disk fails
     */
    void sync();

    /**
     * Performs periodic work after a commit.
     *
     * @throws DiskInDoubtException when the disk failed
     */
    void maintain();

    /** Requests that {@link #maintain} empties the write-ahead log, and that it tries again until it succeeds. */
    default void emptyLog() {
        // The database manages its own log.
    }

    /** Why the write-ahead log cannot be checkpointed, with its size and since when; empty while it can. Any thread may call this. */
    Optional<String> heldBack();

    /** Rolls back because of {@code why}. Closes the connection if it is not usable afterwards. */
    void rollback(Throwable why);

    /** Makes methods of this object stop waiting. Called by another thread. */
    void giveUp();

    @Override
    void close();

    /** A commit failed but may be on disk. */
    final class DiskInDoubtException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /**
         * @param message what failed
         */
        public DiskInDoubtException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
