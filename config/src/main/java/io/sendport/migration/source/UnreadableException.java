package io.sendport.migration.source;

/** A file cannot be imported at all. Nothing is written. */
public final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Takes a message that says which file, and what is wrong with it. */
    public UnreadableException(String message) {
        super(message);
    }
}
