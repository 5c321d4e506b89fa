package io.sendport.smtp.wire;

import java.io.IOException;

/** The server that issues access tokens cannot be reached or gives no usable answer, so the state of the account is unknown. */
final class NoTokenException extends IOException {

    private static final long serialVersionUID = 1L;

    NoTokenException(String message, IOException cause) {
        super(message, cause);
    }

    NoTokenException(String message) {
        super(message);
    }
}
