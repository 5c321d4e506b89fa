package io.sendport.host.store;

import org.jspecify.annotations.Nullable;

/** The store could not do what was asked; nothing of it was done. */
public final class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Says what was tried, on which store, and what to do. */
    public StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
