package io.sendport.host.store.commit;

import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** A writing connection. One thread uses it, except for {@link #sync} and {@link #giveUp}. */
public interface Writer extends AutoCloseable {

    /** Begins a transaction; reconnects if the last connection was lost. */
    Handle begin();

    /** The state of the whole store, as the current transaction sees it. */
    StoreState state();

    /** Commits of this connection that the current transaction shows to be lost; empty when none is. */
    Optional<String> lossSeen();

    /** Notifies other processes of new work, with the commit or soon after it. */
    void announceWork();

    /** Whether a notification is pending, which the next transaction sends. */
    boolean hasPendingNotify();

    /**
     * Commits. If {@link #syncsApart}, the commit may not be on disk before the next {@link #sync}.
     *
     * @throws DiskInDoubtException when it is unknown whether the commit succeeded
     * @throws RuntimeException when it failed
     */
    void commit();

    /** Whether commits are on disk only after {@link #sync}. */
    boolean syncsApart();

    /**
     * Returns once all earlier commits are on disk. Runs on a separate thread while the other continues.
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

    /** Requests that the next {@link #maintain} empties the write-ahead log, and later ones until that succeeds. */
    default void emptyLog() {
        // The database manages its own log.
    }

    /** Why the write-ahead log cannot be checkpointed, with its size and since when; empty while it can. By any thread. */
    Optional<String> heldBack();

    /** Rolls back because of {@code why}. Discards the connection if the rollback fails or leaves it unusable. */
    void rollback(Throwable why);

    /** Stops all waiting. Called by another thread. */
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
