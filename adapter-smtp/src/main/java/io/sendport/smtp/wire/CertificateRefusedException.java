package io.sendport.smtp.wire;

import java.io.IOException;

/** The server's certificate must not be trusted. */
final class CertificateRefusedException extends IOException {

    private static final long serialVersionUID = 1L;

    private final boolean dates;

    /**
     * Creates the exception.
     *
     * @param dates whether the certificate is out of date, which only the server's administrator can fix
     */
    CertificateRefusedException(String message, boolean dates) {
        super(message);
        this.dates = dates;
    }

    boolean isOutOfDate() {
        return dates;
    }
}
