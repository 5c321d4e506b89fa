package io.sendport.host.box.body;

/** A key that encrypts bodies is not available. Nothing is damaged: the operation succeeds once the key is available. */
public final class BodyKeyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message names the key or file, the reason, and what to do; never the key itself
     */
    public BodyKeyException(String message) {
        super(message);
    }
}
