package io.sendport.host.store.commit;

import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The one connection of a process that writes. One thread uses it, but for {@link #sync} and {@link #giveUp}. */
public interface Writer extends AutoCloseable {

    /** Begins a transaction, over a new connection where the last one is gone. */
    Handle begin();

    /** What holds of the store as a whole, as the transaction that has begun sees it. */
    StoreState state();

    /** What the transaction that has begun shows to be lost of what this connection had committed; empty when nothing. */
    Optional<String> lossSeen();

    /** Lets others know, with the commit or soon after it, that there is new work. */
    void announceWork();

    /** Whether others are still to be told, with a next transaction. */
    boolean hasPendingNotify();

    /**
     * Commits; where {@link #syncsApart} says so, what was committed need not be on disk before the next {@link #sync}.
     *
     * @throws DiskInDoubtException when nobody can say whether it did
     * @throws RuntimeException when it did not
     */
    void commit();

    /** Whether commits reach the disk by {@link #sync} alone. */
    boolean syncsApart();

    /**
     * Returns once all that was committed before is on disk. By a thread of its own, while the other goes on.
     *
     * @throws DiskInDoubtException when the disk refuses
     */
    void sync();

    /**
     * Does, after a commit, what is due now and then.
     *
     * @throws DiskInDoubtException when the disk failed at it
     */
    void tend();

    /** Why what was committed can't be moved to where it belongs, with how much and since when; empty while it can. By any thread. */
    Optional<String> heldBack();

    /** Rolls back because of {@code why}; a connection that can't is given up, and one of which that leaves anything unusable. */
    void rollback(Throwable why);

    /** Waits for nothing any longer. By another thread. */
    void giveUp();

    @Override
    void close();

    /** A commit failed and may be on disk all the same. */
    final class DiskInDoubtException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /** Says what failed. */
        public DiskInDoubtException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
