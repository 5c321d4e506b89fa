package io.sendport.smtp.wire;

import java.io.IOException;

/** The server's certificate is not one that may be trusted. */
final class CertificateRefusedException extends IOException {

    private static final long serialVersionUID = 1L;

    private final boolean dates;

    /**
     * Refused.
     *
     * @param dates whether it is out of date, which only the server's administrator can mend
     */
    CertificateRefusedException(String message, boolean dates) {
        super(message);
        this.dates = dates;
    }

    boolean isOutOfDate() {
        return dates;
    }
}
