package io.sendport.api.audit;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** Encrypts what an auditor alone is to read, as CMS (RFC 5652). Safe for use by several threads. */
public interface AuditorEncryption {

    /** Encrypts to one auditor. Safe for use by several threads; the streams it opens are not. */
    @FunctionalInterface
    interface Envelope {

        /**
         * A stream whose bytes go encrypted to {@code out}; closing it ends the envelope and leaves {@code out} open.
         *
         * @throws IOException when {@code out} can't be written, or the certificate, which may have been replaced, can't be used
         */
        OutputStream open(OutputStream out) throws IOException;
    }

    /**
     * To whoever has the key of a certificate.
     *
     * @param certificate PEM or DER; the first of the file is taken
     * @throws IOException when it can't be read, is not valid now, or none can encrypt to it
     */
    Envelope to(Path certificate) throws IOException;
}
