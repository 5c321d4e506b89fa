package io.sendport.host.box;

/** A dedupe key is already used for different content. */
public final class KeyTakenException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    KeyTakenException(String message) {
        super(message);
    }
}
