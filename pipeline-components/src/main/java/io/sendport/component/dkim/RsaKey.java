package io.sendport.component.dkim;

import io.sendport.support.Failures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.KeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * An RSA key pair for DKIM, of 2048 to 4096 bits: the sizes that receivers must be able to verify (RFC 8301 section 3.2). Immutable and
 * thread-safe.
 */
final class RsaKey {

    static final int MIN_LENGTH = 2048;
    static final int MAX_LENGTH = 4096;
    static final String HOW_TO_MAKE =
            "generate one with: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out dkim.pem";

    private static final long MAX_FILE = 64 * 1024;
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);
    /** The start of a PKCS#8 structure: version 0, and the algorithm rsaEncryption. */
    private static final byte[] RSA = HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");

    private final RSAPrivateCrtKey key;
    private final byte[] publicKey;

    private RsaKey(RSAPrivateCrtKey key) throws GeneralSecurityException {
        this.key = key;
        this.publicKey = KeyFactory.getInstance("RSA")
                .generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()))
                .getEncoded();
    }

    /** The private key, for signing. */
    PrivateKey privateKey() {
        return key;
    }

    /** The public key for the DNS record: SubjectPublicKeyInfo, base64. */
    String published() {
        return Base64.getEncoder().encodeToString(publicKey);
    }

    /**
     * Reads a PEM file with one private key: PKCS#8, encrypted or not, or PKCS#1.
     *
     * @param password the password of an encrypted key; empty for none
     * @throws DkimException when the file does not contain a key for DKIM
     */
    static RsaKey read(Path file, char[] password) throws DkimException {
        try {
            if (Files.size(file) > MAX_FILE) {
                throw new DkimException(file + " is larger than a key file, which has at most " + MAX_FILE + " bytes");
            }
            return of(file, Files.readString(file, StandardCharsets.ISO_8859_1), password);
        } catch (NoSuchFileException e) {
            throw new DkimException(file + " cannot be opened: the file does not exist", e);
        } catch (IOException e) {
            throw new DkimException(file + " cannot be opened: " + Failures.reason(e), e);
        } catch (GeneralSecurityException | RuntimeException e) {
            // The reason may quote bytes of the key.
            throw new DkimException(file + " contains a private key that cannot be read", e);
        }
    }

    private static RsaKey of(Path file, String text, char[] password)
            throws DkimException, GeneralSecurityException, IOException {
        List<MatchResult> keys = PEM.matcher(text)
                .results()
                .filter(each -> each.group(1).endsWith("PRIVATE KEY"))
                .toList();
        if (keys.size() != 1) {
            throw new DkimException(file + " contains " + keys.size() + " private keys in PEM, expected one");
        }
        String body = keys.get(0).group(2);
        if (body.contains("Proc-Type:")) {
            throw new DkimException(file + " is encrypted in the old form of OpenSSL; convert it with:"
                    + " openssl pkcs8 -topk8 -in OLD.pem -out NEW.pem");
        }
        byte[] der = Base64.getMimeDecoder().decode(body);
        KeySpec spec =
                switch (keys.get(0).group(1)) {
                    case "PRIVATE KEY" -> new PKCS8EncodedKeySpec(der);
                    case "RSA PRIVATE KEY" -> new PKCS8EncodedKeySpec(pkcs8(der));
                    case "ENCRYPTED PRIVATE KEY" -> decrypted(file, der, password);
                    default -> throw notRsa(file, keys.get(0).group(1));
                };
        return checked(file, spec);
    }

    private static RsaKey checked(Path file, KeySpec spec) throws DkimException, GeneralSecurityException {
        PrivateKey key;
        try {
            key = KeyFactory.getInstance("RSA").generatePrivate(spec);
        } catch (InvalidKeySpecException e) {
            Optional<String> other = algorithm(spec);
            if (other.isPresent()) {
                throw notRsa(file, other.get());
            }
            throw e;
        }
        if (!(key instanceof RSAPrivateCrtKey rsa)) {
            throw new DkimException(file + " contains an RSA key without its primes; " + HOW_TO_MAKE);
        }
        int bits = rsa.getModulus().bitLength();
        if (bits < MIN_LENGTH) {
            throw new DkimException(file + " contains an RSA key of " + bits
                    + " bits, which receivers do not trust; expected at least " + MIN_LENGTH);
        }
        if (bits > MAX_LENGTH) {
            throw new DkimException(file + " contains an RSA key of " + bits
                    + " bits, which many receivers cannot verify; expected at most " + MAX_LENGTH);
        }
        return new RsaKey(rsa);
    }

    private static DkimException notRsa(Path file, String found) {
        boolean edwards = found.startsWith("Ed25519");
        return new DkimException(file + " contains " + (edwards ? "an Ed25519 key" : "a key of type " + found)
                + ", expected an RSA key"
                + (edwards
                        ? ": many receivers cannot verify Ed25519 (RFC 8463) and treat such a mail as unsigned"
                        : ""));
    }

    /** The algorithm of a key that is not an RSA key, if this Java supports it. */
    private static Optional<String> algorithm(KeySpec spec) throws GeneralSecurityException {
        for (String each : List.of("Ed25519", "EC", "Ed448", "RSASSA-PSS", "DSA")) {
            try {
                KeyFactory.getInstance(each).generatePrivate(spec);
                return Optional.of(each);
            } catch (InvalidKeySpecException e) {
                // Not of this type; the next type may match.
            }
        }
        return Optional.empty();
    }

    private static KeySpec decrypted(Path file, byte[] der, char[] password)
            throws DkimException, GeneralSecurityException, IOException {
        if (password.length == 0) {
            throw new DkimException(file + " is encrypted; set signingKeyPassword");
        }
        EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(der);
        // Up to Java 18, only the parameters name the methods of PBES2.
        String method =
                info.getAlgName().startsWith("PBEWith") ? info.getAlgName() : String.valueOf(info.getAlgParameters());
        try {
            Cipher cipher = Cipher.getInstance(method);
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    SecretKeyFactory.getInstance(method).generateSecret(new PBEKeySpec(password)),
                    info.getAlgParameters());
            return info.getKeySpec(cipher);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new DkimException(
                    file + " is encrypted with a method that this Java does not know; convert it with:"
                            + " openssl pkcs8 -topk8 -v2 aes256 -in OLD.pem -out NEW.pem",
                    e);
        } catch (GeneralSecurityException e) {
            throw new DkimException(file + " cannot be decrypted with signingKeyPassword", e);
        }
    }

    /** Wraps a PKCS#1 key (RFC 8017 appendix A.1.2) into PKCS#8. */
    private static byte[] pkcs8(byte[] pkcs1) {
        byte[] octets = der(0x04, pkcs1);
        byte[] inner = new byte[RSA.length + octets.length];
        System.arraycopy(RSA, 0, inner, 0, RSA.length);
        System.arraycopy(octets, 0, inner, RSA.length, octets.length);
        return der(0x30, inner);
    }

    /** A DER element of less than 64 KB. */
    private static byte[] der(int tag, byte[] content) {
        int length = content.length;
        byte[] head = length < 128
                ? new byte[] {(byte) tag, (byte) length}
                : length < 256
                        ? new byte[] {(byte) tag, (byte) 0x81, (byte) length}
                        : new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
        byte[] all = new byte[head.length + length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(content, 0, all, head.length, length);
        return all;
    }

    /** Shows only the length. */
    @Override
    public String toString() {
        return "RsaKey[" + key.getModulus().bitLength() + " bits]";
    }
}
