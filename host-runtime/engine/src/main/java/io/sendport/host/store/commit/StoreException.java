package io.sendport.host.store.commit;

import org.jspecify.annotations.Nullable;

/** The store could not do what was asked. {@link #reason} says whether anything of it may have been done, and whether waiting helps. */
public final class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** It can't be done; nothing of it was. */
        REFUSED,
        /** The database is out of reach; nothing was done, and the same may succeed a moment later. */
        AWAY,
        /** The database went away during a commit and has not said whether that commit is there. */
        UNDECIDED,
        /** A newer program takes over the store: this one must stop claiming and submitting. */
        FENCED,
        /** The database lost what it had acknowledged, and no person has accepted that yet. */
        LOST
    }

    private final Reason reason;

    /** Says what was tried, on which store, and what to do; {@link Reason#REFUSED}. */
    public StoreException(String message, @Nullable Throwable cause) {
        this(message, cause, Reason.REFUSED);
    }

    public StoreException(String message, @Nullable Throwable cause, Reason reason) {
        super(message, cause);
        this.reason = reason;
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }

    /** Whether the database could not be reached, so that the same may succeed a moment later. */
    public boolean isAway() {
        return reason == Reason.AWAY;
    }
}
