package io.sendport.component.smime;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HexFormat;

/** Says things about certificates. */
final class Certificates {

    private Certificates() {}

    static void requireValid(X509Certificate certificate, Instant now, String what) throws SmimeException {
        if (now.isAfter(certificate.getNotAfter().toInstant())) {
            throw new SmimeException(what + " " + describe(certificate) + " expired on "
                    + certificate.getNotAfter().toInstant() + "; put a new one in its place");
        }
        if (now.isBefore(certificate.getNotBefore().toInstant())) {
            throw new SmimeException(what + " " + describe(certificate) + " is valid only from "
                    + certificate.getNotBefore().toInstant());
        }
    }

    /** Subject and serial number. */
    static String describe(X509Certificate certificate) {
        return "\"" + certificate.getSubjectX500Principal().getName() + "\" (serial "
                + certificate.getSerialNumber().toString(16) + ")";
    }

    /** SHA-256 of the whole certificate, hex. */
    static String fingerprint(X509Certificate certificate) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("fingerprint of " + describe(certificate), e);
        }
    }
}
