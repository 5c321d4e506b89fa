package io.sendport.component.smime.trust;

import io.sendport.api.mail.MailAddress;
import io.sendport.component.smime.keys.CertificateIndex;
import io.sendport.component.smime.keys.CertificateSource;
import io.sendport.component.smime.keys.Certificates;
import io.sendport.component.smime.keys.NotNowException;
import io.sendport.component.smime.keys.SmimeException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.interfaces.XECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Checks at the time of sending whether a certificate may be used for encryption: validity, purpose, name and strength. If the port has a
 * trust store, it also checks the chain and the revocation status. Thread-safe.
 */
public final class CertificateCheck {

    private static final int MIN_RSA_BITS = 2048;
    private static final Set<Integer> CURVE_BITS = Set.of(256, 384, 521);
    private static final int KEY_ENCIPHERMENT = 2;
    private static final int KEY_AGREEMENT = 4;

    private final Optional<TrustStore> trust;
    private final Revocation revocation;
    private final boolean lenient;

    /** If {@code lenient} (profile biztalk-compatible), a certificate may itself be signed with SHA-1. */
    public CertificateCheck(Optional<TrustStore> trust, Revocation revocation, boolean lenient) {
        this.trust = trust;
        this.revocation = revocation;
        this.lenient = lenient;
    }

    /**
     * A certificate with the result of its check.
     *
     * @param certificate may be used for encryption
     * @param remark for the ledger, for example that the revocation status is unknown; may be empty
     */
    public record Checked(X509Certificate certificate, String remark) {}

    /**
     * The first of {@code candidates} that may be used for {@code address}.
     *
     * @throws SmimeException when none may be used, with the reason for each and what to do
     */
    public Checked choose(List<X509Certificate> candidates, MailAddress address, CertificateSource source, Instant now)
            throws SmimeException {
        if (candidates.isEmpty()) {
            throw new SmimeException(
                    "no certificate for " + address + " in " + source + "; put one there and resume the message");
        }
        List<String> faults = new ArrayList<>();
        NotNowException later = null;
        for (X509Certificate certificate : candidates) {
            try {
                return new Checked(certificate, check(certificate, Optional.of(address), now));
            } catch (NotNowException e) {
                later = e;
                faults.add(String.valueOf(e.getMessage()));
            } catch (SmimeException e) {
                faults.add(String.valueOf(e.getMessage()));
            }
        }
        String what = "no usable certificate for " + address + ": " + String.join("; ", faults)
                + (later == null
                        ? "; correct that in " + source + " and resume the message"
                        : ". When this is solved, resume the message");
        throw later == null ? new SmimeException(what) : new NotNowException(what, later);
    }

    /** As {@link #choose}, for one certificate that is not chosen by address. */
    String check(X509Certificate certificate, Optional<MailAddress> address, Instant now) throws SmimeException {
        Certificates.requireValid(certificate, now, "certificate");
        Certificates.requireMailPurpose(certificate, "certificate");
        requireKey(certificate);
        requireSignature(certificate);
        if (address.isPresent()) {
            requireName(certificate, address.get());
        }
        if (trust.isEmpty()) {
            return "";
        }
        List<X509Certificate> chain = trust.get().chain(certificate, now);
        for (X509Certificate issuer : chain.subList(1, Math.max(1, chain.size() - 1))) {
            requireSignature(issuer);
            requireStrength(issuer);
        }
        return revocation.check(chain, now);
    }

    /** Checks purpose, kind and strength of the key. */
    public static void requireKey(X509Certificate certificate) throws SmimeException {
        String what = "certificate " + Certificates.describe(certificate);
        boolean rsa = certificate.getPublicKey() instanceof RSAPublicKey;
        boolean[] usage = certificate.getKeyUsage();
        if (usage != null && !usage[rsa ? KEY_ENCIPHERMENT : KEY_AGREEMENT]) {
            throw new SmimeException(what + " is not issued for encryption (key usage lacks "
                    + (rsa ? "keyEncipherment" : "keyAgreement") + ")");
        }
        if (rsa) {
            requireStrength(certificate);
        } else if (certificate.getPublicKey() instanceof ECPublicKey key) {
            int bits = key.getParams().getCurve().getField().getFieldSize();
            if (!CURVE_BITS.contains(bits)) {
                throw new SmimeException(
                        what + " has a key on a curve of " + bits
                                + " bits, but only P-256, P-384 and P-521 are supported; use a certificate with a key on one of them");
            }
        } else if (!isX25519(certificate)) {
            throw new SmimeException(
                    what + " has a " + certificate.getPublicKey().getAlgorithm()
                            + " key, which cannot be used for encryption; expected RSA, EC or X25519");
        }
    }

    private static void requireStrength(X509Certificate certificate) throws SmimeException {
        if (certificate.getPublicKey() instanceof RSAPublicKey key
                && key.getModulus().bitLength() < MIN_RSA_BITS) {
            throw new SmimeException("certificate " + Certificates.describe(certificate) + " has an RSA key of "
                    + key.getModulus().bitLength() + " bits, expected " + MIN_RSA_BITS + " or more");
        }
    }

    public static boolean isX25519(X509Certificate certificate) {
        return certificate.getPublicKey() instanceof XECPublicKey key
                && key.getParams() instanceof NamedParameterSpec spec
                && spec.getName().equals("X25519");
    }

    private void requireSignature(X509Certificate certificate) throws SmimeException {
        String algorithm = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
        boolean broken = algorithm.startsWith("MD") || (algorithm.startsWith("SHA1") && !lenient);
        if (broken) {
            throw new SmimeException("certificate " + Certificates.describe(certificate) + " is signed with "
                    + certificate.getSigAlgName() + ", which can be forged; request a new certificate");
        }
    }

    /** A certificate must itself contain the address that it is used for; the entry of a directory proves nothing. */
    private static void requireName(X509Certificate certificate, MailAddress address) throws SmimeException {
        List<String> names = Certificates.addresses(certificate);
        if (!names.contains(CertificateIndex.key(address))
                && !names.contains(address.toString().toLowerCase(Locale.ROOT))) {
            throw new SmimeException("certificate " + Certificates.describe(certificate) + " is for "
                    + (names.isEmpty() ? "no address" : String.join(", ", names)) + ", not for " + address);
        }
    }
}
