package io.sendport.migration.source;

/** A file that cannot be imported at all: nothing is written. */
public final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Says which file, and what is wrong with it. */
    public UnreadableException(String message) {
        super(message);
    }
}
