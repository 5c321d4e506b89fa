package io.sendport.api.audit;

import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Instant;

/** Time stamps of a third party (RFC 3161). A time stamp proves that some bytes existed at a time. Thread-safe. */
public interface TimeStamping {

    /**
     * The content of a time stamp.
     *
     * @param at the time, by the server's clock
     * @param signer the subject of the signing certificate
     * @param certificate the SHA-256 of the signing certificate, hexadecimal
     */
    record Stamp(Instant at, String signer, String certificate) {}

    /**
     * Requests a time stamp.
     *
     * @param server an RFC 3161 server over HTTP
     * @param sha256 the digest to be stamped
     * @return the token, DER
     * @throws IOException when the server cannot be reached or refuses, or when its answer is not a time stamp of that digest
     */
    byte[] request(URI server, byte[] sha256) throws IOException;

    /**
     * Reads a token after verifying its signature with the certificate in it. That certificate must be for time stamps and valid at that
     * time. The caller decides whether to trust the certificate.
     *
     * @throws GeneralSecurityException when the token is not a time stamp of that digest, or its signature is not valid
     */
    Stamp verify(byte[] token, byte[] sha256) throws GeneralSecurityException;
}
