package io.sendport.host.box.body;

/** A key that encrypts bodies cannot be had. Nothing is damaged: with the key the same succeeds. */
public final class BodyKeyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says which key or file, why, and what to do; never a key. */
    public BodyKeyException(String message) {
        super(message);
    }
}
