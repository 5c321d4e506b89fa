package io.sendport.api.audit;

import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Instant;

/** Time stamps of a third party (RFC 3161): that some bytes existed at a time. Safe for use by several threads. */
public interface TimeStamping {

    /**
     * What a stamp says.
     *
     * @param at when, by the server's clock
     * @param signer the subject of the certificate that signed it
     * @param certificate SHA-256 of that certificate, hex
     */
    record Stamp(Instant at, String signer, String certificate) {}

    /**
     * Asks for a stamp.
     *
     * @param server an RFC 3161 server over HTTP
     * @param sha256 of what is to be stamped
     * @return the token, DER
     * @throws IOException when the server is away, refuses, or its answer is no stamp of that digest
     */
    byte[] request(URI server, byte[] sha256) throws IOException;

    /**
     * Reads a token, once its signature is known to hold under the certificate in it, which must be one for time stamps, valid at that
     * time. Whether that certificate is to be trusted is up to whoever reads the result.
     *
     * @throws GeneralSecurityException when it is no stamp of that digest, or its signature doesn't hold
     */
    Stamp verify(byte[] token, byte[] sha256) throws GeneralSecurityException;
}
