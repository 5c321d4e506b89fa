package io.sendport.host.store;

import org.jspecify.annotations.Nullable;

/** The store could not do what was asked; nothing of it was done. */
public final class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean away;

    /** Says what was tried, on which store, and what to do. */
    public StoreException(String message, @Nullable Throwable cause) {
        this(message, cause, false);
    }

    StoreException(String message, @Nullable Throwable cause, boolean away) {
        super(message, cause);
        this.away = away;
    }

    /** Whether the database could not be reached, so that the same may do a moment later. */
    public boolean isAway() {
        return away;
    }
}
