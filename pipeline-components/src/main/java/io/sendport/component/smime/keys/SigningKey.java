package io.sendport.component.smime.keys;

import io.sendport.api.settings.Settings;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A signer's private key with its certificates and signing parameters. A changed key file is reread for the next message. If it cannot be
 * read, or its certificate must not sign, the previous key still signs, as long as its certificate may.
 */
public final class SigningKey {

    private static final Logger LOG = LoggerFactory.getLogger(SigningKey.class);
    private static final int MIN_RSA_BITS = 2048;

    private final KeyFile file;
    private final Digest digest;
    private final boolean pss;
    private final String include;
    private final Clock clock;
    private FileTime readAt;
    private KeyFile.Found found;
    /** Why the file cannot be used now; empty when it can. */
    private String fault = "";

    private SigningKey(KeyFile file, Digest digest, boolean pss, String include, Clock clock) throws SmimeException {
        this.clock = clock;
        this.file = file;
        this.digest = digest;
        this.pss = pss;
        this.include = include;
        this.readAt = modified();
        this.found = opened();
    }

    /**
     * Reads the key that the settings name.
     *
     * @throws SmimeException when it cannot be read, or does not match its certificate
     */
    public static SigningKey load(Settings settings, Clock clock) throws SmimeException {
        Digest digest = Digest.of(settings.text("digest", "sha256"))
                .orElseThrow(() -> new SmimeException("digest is not known"));
        return new SigningKey(
                KeyFile.of(settings),
                digest,
                settings.text("rsaSignature", "pkcs1").equals("pss"),
                settings.text("includeCertificates", "chain"),
                clock);
    }

    private FileTime modified() throws SmimeException {
        try {
            return Files.getLastModifiedTime(file.file());
        } catch (IOException e) {
            String why = e instanceof NoSuchFileException
                    ? "the file does not exist; correct its path"
                    : "this user may not read it (" + e.getMessage() + ")";
            throw new SmimeException(file.file() + " cannot be opened: " + why, e);
        }
    }

    /** The key that is now on disk; the previous key if the new key cannot be used. */
    private synchronized KeyFile.Found current() {
        try {
            FileTime changed = modified();
            if (!changed.equals(readAt)) {
                KeyFile.Found read = opened();
                requireUsable(read.chain().get(0), clock.instant());
                found = read;
                readAt = changed;
            }
            fault = "";
        } catch (SmimeException e) {
            String why = String.valueOf(e.getMessage());
            if (!why.equals(fault)) {
                LOG.warn(
                        "Cannot use the changed signing key {}: {}. The previous key is still used. Correct the file; Sendport"
                                + " reads it again for the next message",
                        file.file(),
                        why);
                fault = why;
            }
        }
        return found;
    }

    private KeyFile.Found opened() throws SmimeException {
        KeyFile.Found read = file.open();
        if (!isKnown(read.chain().get(0))) {
            throw new SmimeException(file.file() + " contains a key of the kind "
                    + read.chain().get(0).getPublicKey().getAlgorithm() + "; expected RSA, EC or Ed25519");
        }
        KeyFile.Found own = read.token().isPresent()
                ? read
                : new KeyFile.Found(Cryptography.converted(read.key()), read.chain(), Optional.empty());
        requireFit(own);
        return own;
    }

    /** Signs a few bytes and verifies them, to detect early that key and certificate do not match. */
    private void requireFit(KeyFile.Found candidate) throws SmimeException {
        X509Certificate certificate = candidate.chain().get(0);
        if (certificate.getPublicKey() instanceof RSAPublicKey rsa
                && rsa.getModulus().bitLength() < MIN_RSA_BITS) {
            throw new SmimeException("signing certificate " + Certificates.describe(certificate) + " has an RSA key of "
                    + rsa.getModulus().bitLength() + " bits, expected " + MIN_RSA_BITS + " or more");
        }
        try {
            byte[] probe = {1, 2, 3};
            ContentSigner signer = signer(candidate);
            signer.getOutputStream().write(probe);
            byte[] signature = signer.getSignature();
            Signature check = Signature.getInstance(algorithm(candidate.key()));
            if (isRsaPss(candidate.key())) {
                check.setParameter(digest.pss());
            }
            check.initVerify(certificate.getPublicKey());
            check.update(probe);
            if (!check.verify(signature)) {
                throw new SmimeException(
                        file.file() + ": the private key does not belong to " + Certificates.describe(certificate));
            }
        } catch (GeneralSecurityException | OperatorCreationException | IOException | RuntimeException e) {
            throw new SmimeException(
                    file.file() + ": the private key cannot sign for " + Certificates.describe(certificate) + ": "
                            + e.getMessage(),
                    e);
        }
    }

    /**
     * A signer that is ready for one signature.
     *
     * @param certificate the signer's certificate
     * @param included the certificates of the chain that the mail includes
     * @param signer receives the bytes to sign
     * @param algorithm the name of the algorithm, for people, such as {@code RSA SHA-256}
     * @param digest the digest of the content
     */
    public record PreparedSigner(
            X509Certificate certificate,
            List<X509Certificate> included,
            ContentSigner signer,
            String algorithm,
            Digest digest) {}

    /**
     * Prepares one signature.
     *
     * @throws SmimeException when the key must not sign now, with what to do
     */
    public PreparedSigner prepare(Instant now) throws SmimeException {
        KeyFile.Found key = current();
        requireUsable(key.chain().get(0), now);
        try {
            return new PreparedSigner(
                    key.chain().get(0), included(key), signer(key), describe(key.key()), digest(key.key()));
        } catch (OperatorCreationException e) {
            throw new SmimeException("cannot sign with " + this + ": " + e.getMessage(), e);
        }
    }

    /**
     * Checks that the certificate may sign now.
     *
     * @throws SmimeException when it must not, with what to do
     */
    public void requireUsable(Instant now) throws SmimeException {
        requireUsable(current().chain().get(0), now);
    }

    private static void requireUsable(X509Certificate certificate, Instant now) throws SmimeException {
        Certificates.requireValid(certificate, now, "signing certificate");
        boolean[] usage = certificate.getKeyUsage();
        if (usage != null && !usage[0] && !usage[1]) {
            throw new SmimeException("signing certificate " + Certificates.describe(certificate)
                    + " is not issued for signing (key usage); use another");
        }
        Certificates.requireMailPurpose(certificate, "signing certificate");
    }

    private ContentSigner signer(KeyFile.Found found) throws OperatorCreationException {
        PrivateKey key = found.key();
        String algorithm = algorithm(key);
        Provider provider = found.token().orElseGet(() -> Cryptography.fastest("Signature", algorithm));
        if (isRsaPss(key)) {
            return new PssSigner(key, digest, provider);
        }
        return new JcaContentSignerBuilder(algorithm).setProvider(provider).build(key);
    }

    private boolean isRsaPss(PrivateKey key) {
        return pss && key.getAlgorithm().equals("RSA");
    }

    private String algorithm(PrivateKey key) {
        return switch (key.getAlgorithm()) {
            case "RSA" -> pss ? "RSASSA-PSS" : digest.with("RSA");
            case "EC" -> digest(key).with("ECDSA");
            default -> "Ed25519";
        };
    }

    /** The configured digest. Ed25519 requires its own (RFC 8419). */
    private Digest digest(PrivateKey key) {
        return isEdwards(key) ? Digest.SHA512 : digest;
    }

    private static boolean isEdwards(PrivateKey key) {
        return key.getAlgorithm().equals("EdDSA") || key.getAlgorithm().equals("Ed25519");
    }

    private String describe(PrivateKey key) {
        if (isEdwards(key)) {
            return "Ed25519";
        }
        return (key.getAlgorithm().equals("EC") ? "ECDSA " : isRsaPss(key) ? "RSASSA-PSS " : "RSA ")
                + digest(key).jcaName();
    }

    private List<X509Certificate> included(KeyFile.Found key) {
        return switch (include) {
            case "none" -> List.of();
            case "signer" -> key.chain().subList(0, 1);
            default -> key.chain();
        };
    }

    /** The signer's certificate that is now on disk. */
    public X509Certificate certificate() {
        return current().chain().get(0);
    }

    /** Whether S/MIME can sign with this kind of key. */
    private static boolean isKnown(X509Certificate certificate) {
        return certificate.getPublicKey() instanceof RSAPublicKey
                || certificate.getPublicKey() instanceof ECPublicKey
                || (certificate.getPublicKey() instanceof EdECPublicKey edwards
                        && edwards.getParams().getName().equals("Ed25519"));
    }

    /** Never shows the key. */
    @Override
    public synchronized String toString() {
        X509Certificate certificate = found.chain().get(0);
        BigInteger serial = certificate.getSerialNumber();
        return "SigningKey[" + certificate.getSubjectX500Principal().getName() + " " + serial.toString(16) + "]";
    }
}
