package io.sendport.api.audit;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** Encrypts data that only an auditor may read, as CMS (RFC 5652). Thread-safe. */
public interface AuditorEncryption {

    /** Encrypts for one auditor. Thread-safe; the streams that it opens are not. */
    @FunctionalInterface
    interface Envelope {

        /**
         * A stream that writes its bytes encrypted to {@code out}. Closing it ends the envelope and leaves {@code out} open.
         *
         * @throws IOException when {@code out} cannot be written, or when the certificate, which may have been replaced, cannot be used
         */
        OutputStream open(OutputStream out) throws IOException;
    }

    /**
     * Encrypts for the holder of the private key of a certificate.
     *
     * @param certificate PEM or DER; the first certificate of the file is used
     * @throws IOException when the certificate cannot be read, is not currently valid, or cannot be used for encryption
     */
    Envelope to(Path certificate) throws IOException;
}
