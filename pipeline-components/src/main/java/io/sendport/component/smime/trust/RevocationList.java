package io.sendport.component.smime.trust;

import io.sendport.component.smime.keys.Cryptography;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.CertException;
import org.bouncycastle.cert.X509CRLEntryHolder;
import org.bouncycastle.cert.X509CRLHolder;
import org.bouncycastle.operator.DefaultSignatureNameFinder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;

/**
 * The relevant content of a certificate revocation list; much smaller than the list itself.
 *
 * @param thisUpdate when it was issued
 * @param nextUpdate until when it is valid
 * @param revoked the revocation time by serial number
 */
record RevocationList(Instant thisUpdate, Instant nextUpdate, Map<BigInteger, Instant> revoked) {

    private static final Duration ANY_AGE = Duration.ofDays(7);
    private static final Duration SKEW = Duration.ofMinutes(5);
    private static final int CRL_SIGN = 6;

    /**
     * Reads a list and verifies that {@code issuer} issued it.
     *
     * @throws IOException when it is not a list, has another issuer, is dated in the future, or has a critical extension
     * @throws GeneralSecurityException when its signature is not valid
     */
    static RevocationList of(byte[] der, X509Certificate issuer, Instant now)
            throws IOException, GeneralSecurityException {
        X509CRLHolder list = new X509CRLHolder(der);
        if (!java.util.Arrays.equals(
                list.getIssuer().getEncoded(), issuer.getSubjectX500Principal().getEncoded())) {
            throw new IOException(
                    "it is not the list of " + issuer.getSubjectX500Principal().getName());
        }
        boolean[] usage = issuer.getKeyUsage();
        if (usage != null && !usage[CRL_SIGN]) {
            throw new IOException("its issuer may not sign lists (key usage lacks cRLSign)");
        }
        for (Object oid : list.getCriticalExtensionOIDs()) {
            throw new IOException(
                    oid.equals(Extension.issuingDistributionPoint)
                            ? "it may cover only a part of the certificates (critical extension " + oid
                                    + "), and Sendport does not support such lists"
                            : "it has a critical extension " + oid + " that Sendport does not support");
        }
        requireSigned(list, issuer);
        if (list.getThisUpdate().toInstant().isAfter(now.plus(SKEW))) {
            throw new IOException("it is dated " + list.getThisUpdate().toInstant() + ", which is in the future");
        }
        Map<BigInteger, Instant> revoked = new HashMap<>();
        for (Object each : list.getRevokedCertificates()) {
            X509CRLEntryHolder entry = (X509CRLEntryHolder) each;
            revoked.put(entry.getSerialNumber(), entry.getRevocationDate().toInstant());
        }
        Instant until = list.getNextUpdate() == null
                ? list.getThisUpdate().toInstant().plus(ANY_AGE)
                : list.getNextUpdate().toInstant();
        return new RevocationList(list.getThisUpdate().toInstant(), until, revoked);
    }

    private static void requireSigned(X509CRLHolder list, X509Certificate issuer)
            throws IOException, GeneralSecurityException {
        String algorithm = new DefaultSignatureNameFinder()
                .getAlgorithmName(list.toASN1Structure().getSignatureAlgorithm());
        if (algorithm.startsWith("SHA1") || algorithm.startsWith("MD")) {
            throw new IOException("it is signed with " + algorithm + ", which can be forged");
        }
        try {
            if (!list.isSignatureValid(new JcaContentVerifierProviderBuilder()
                    .setProvider(Cryptography.complete())
                    .build(issuer.getPublicKey()))) {
                throw new IOException("its signature is not valid");
            }
        } catch (CertException | OperatorCreationException e) {
            throw new GeneralSecurityException("its signature cannot be checked: " + e.getMessage(), e);
        }
    }

    boolean isCurrent(Instant now) {
        return now.isBefore(nextUpdate);
    }
}
