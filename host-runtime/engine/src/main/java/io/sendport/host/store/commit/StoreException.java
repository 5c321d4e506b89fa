package io.sendport.host.store.commit;

import org.jspecify.annotations.Nullable;

/** A failure of the store. {@link #reason} says whether anything may have been done, and whether a retry helps. */
public final class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The reason. */
    public enum Reason {
        /** Refused; nothing was done. */
        REFUSED,
        /** Refused, because the account lacks a right; nothing was done. */
        FORBIDDEN,
        /** The database is unavailable; nothing was done, and a retry may succeed. */
        AWAY,
        /** The database became unavailable during a commit, whose result is unknown. */
        UNDECIDED,
        /** A newer program takes over the store: this one must stop claiming and submitting. */
        FENCED,
        /** The database lost acknowledged commits, and no operator has accepted that yet. */
        LOST
    }

    private final Reason reason;

    /**
     * @param message the operation, the store, and what to do; the reason is {@link Reason#REFUSED}
     */
    public StoreException(String message, @Nullable Throwable cause) {
        this(message, cause, Reason.REFUSED);
    }

    public StoreException(String message, @Nullable Throwable cause, Reason reason) {
        super(message, cause);
        this.reason = reason;
    }

    /** The reason. */
    public Reason reason() {
        return reason;
    }

    /** Whether the database was unavailable, so that a retry may succeed. */
    public boolean isAway() {
        return reason == Reason.AWAY;
    }
}
