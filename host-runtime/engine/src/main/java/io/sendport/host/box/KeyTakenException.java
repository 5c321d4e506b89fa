package io.sendport.host.box;

/** A dedupe key is given again, with other content. */
public final class KeyTakenException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    KeyTakenException(String message) {
        super(message);
    }
}
