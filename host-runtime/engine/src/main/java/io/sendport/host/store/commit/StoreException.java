package io.sendport.host.store.commit;

import org.jspecify.annotations.Nullable;

/** A failure of the store. {@link #reason} says whether anything may have been stored, and whether a retry may succeed. */
public final class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The kind of a failure. */
    public enum Reason {
        /** The store or the database refused; nothing was done. */
        REFUSED,
        /** The request does not suit the store; nothing was done, and a retry would be refused again. */
        INVALID,
        /** The account lacks a right; nothing was done. */
        FORBIDDEN,
        /** The database is unavailable; nothing was done, and a retry may succeed. */
        AWAY,
        /** The database or its disk failed during a commit. It is unknown whether the write is stored. */
        UNDECIDED,
        /** A newer program takes over the store. This program must stop claiming and submitting; nothing was done. */
        FENCED,
        /** The database lost acknowledged commits, and no operator has accepted that yet. Nothing was done. */
        LOST
    }

    private final Reason reason;

    /**
     * A failure with {@link Reason#REFUSED}.
     *
     * @param message the operation, the store, and what to do
     */
    public StoreException(String message, @Nullable Throwable cause) {
        this(message, cause, Reason.REFUSED);
    }

    /** @param message the operation, the store, and what to do */
    public StoreException(String message, @Nullable Throwable cause, Reason reason) {
        super(message, cause);
        this.reason = reason;
    }

    /** The kind of this failure. */
    public Reason reason() {
        return reason;
    }

    /** Whether the database was unavailable, so that a retry may succeed. */
    public boolean isAway() {
        return reason == Reason.AWAY;
    }
}
