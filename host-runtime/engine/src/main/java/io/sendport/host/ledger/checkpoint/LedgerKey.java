package io.sendport.host.ledger.checkpoint;

import io.sendport.api.settings.Secret;
import io.sendport.config.AuditLedgerSettings;
import io.sendport.host.ledger.Hashing;
import io.sendport.host.ledger.Kind;
import io.sendport.host.store.OwnerOnly;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The key that signs statements about the ledger. Sendport creates Ed25519 keys. A file or token can provide ECDSA or RSA with SHA-256. */
public final class LedgerKey {

    private static final Pattern PEM = Pattern.compile("-----BEGIN (.+?)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

    private static final Map<Source, LedgerKey> TOKEN_KEYS = new ConcurrentHashMap<>();

    private final @Nullable PrivateKey privateKey;
    private final PublicKey publicKey;
    private final @Nullable Provider token;

    private LedgerKey(@Nullable PrivateKey privateKey, PublicKey publicKey, @Nullable Provider token) {
        this.privateKey = privateKey;
        this.publicKey = publicKey;
        this.token = token;
    }

    /**
     * Returns the signature of {@code bytes}.
     *
     * @throws GeneralSecurityException when the private key is not available, or the token is disconnected
     */
    public byte[] sign(byte[] bytes) throws GeneralSecurityException {
        PrivateKey key = privateKey;
        if (key == null) {
            throw new GeneralSecurityException("only the public half of the ledger's key is available");
        }
        Provider own = token;
        Signature signature =
                own == null ? Signature.getInstance(algorithm()) : Signature.getInstance(algorithm(), own);
        signature.initSign(key);
        signature.update(bytes);
        return signature.sign();
    }

    /** Returns whether {@code signature} is a signature of {@code bytes} by this key. */
    boolean verifies(byte[] bytes, byte[] signature) throws GeneralSecurityException {
        Signature verifier = Signature.getInstance(algorithm());
        verifier.initVerify(publicKey);
        verifier.update(bytes);
        return verifier.verify(signature);
    }

    private String algorithm() {
        return switch (publicKey.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> "Ed25519";
        };
    }

    /** Creates a new Ed25519 key. */
    public static LedgerKey newPair() throws GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        return new LedgerKey(pair.getPrivate(), pair.getPublic(), null);
    }

    /** Returns the public half as PEM. */
    public String publicPem() {
        return pem("PUBLIC KEY", publicKey.getEncoded());
    }

    /** Returns both halves as PEM, or only the public half if the other is not available. */
    private String pem() {
        PrivateKey key = privateKey;
        return (key == null ? "" : pem("PRIVATE KEY", key.getEncoded())) + publicPem();
    }

    private static String pem(String type, byte[] bytes) {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN " + type + "-----\n" + lines + "\n-----END " + type + "-----\n";
    }

    /**
     * Returns the SHA-256 of the public key as X.509 SubjectPublicKeyInfo in DER, hex. {@code openssl} and {@code sha256sum} show the
     * same value.
     */
    public String fingerprint() {
        return HexFormat.of().formatHex(Hashing.sha256().digest(publicKey.getEncoded()));
    }

    /** Returns the fingerprint that records of earlier versions use: SHA-256 of the Base64 text, hex. */
    String earlierFingerprint() {
        return Hashing.ofHeader(encoded());
    }

    /** Returns the public key as X.509 SubjectPublicKeyInfo, Base64. */
    public String encoded() {
        return Base64.getEncoder().encodeToString(publicKey.getEncoded());
    }

    /**
     * Creates a key that can only verify.
     *
     * @param encoded the result of {@link #encoded}
     * @throws GeneralSecurityException when {@code encoded} is not a public key
     */
    static LedgerKey ofPublic(String encoded) throws GeneralSecurityException {
        try {
            return new LedgerKey(null, publicKey(Base64.getDecoder().decode(encoded)), null);
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("a public key is not valid Base64", e);
        }
    }

    private static PublicKey publicKey(byte[] encoded) throws GeneralSecurityException {
        for (String algorithm : List.of("Ed25519", "EC")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(encoded));
            } catch (InvalidKeySpecException e) {
                // Try the next algorithm.
            }
        }
        return KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(encoded));
    }

    /** Returns the key file beside a store. */
    static Path beside(Path place) {
        return place.resolveSibling(place.getFileName() + ".ledger-key.pem");
    }

    /** Returns the configured key file, or else the key file beside the store. */
    public static Path file(Path place, Optional<AuditLedgerSettings> settings) {
        return settings.flatMap(AuditLedgerSettings::checkpointKey).orElse(beside(place));
    }

    /** Returns the source of the key: a configured PKCS#12 file or token, or else a PEM file beside the store, created at first use. */
    public static Source source(Path place, Optional<AuditLedgerSettings> settings) {
        boolean isOwn = settings.flatMap(AuditLedgerSettings::checkpointKey).isEmpty();
        Secret password =
                settings.flatMap(AuditLedgerSettings::checkpointKeyPassword).orElse(new Secret(""));
        Kind kind = isOwn
                ? Kind.PEM
                : settings.filter(AuditLedgerSettings::isKeyOnToken).isPresent() ? Kind.TOKEN : Kind.PKCS12;
        return new Source(file(place, settings), kind, password);
    }

    /** Returns a source that reads the public half from a PEM file. */
    static Source publicHalf(Path file) {
        return new Source(file, Kind.PEM, new Secret(""));
    }

    private enum Kind {
        PEM,
        PKCS12,
        TOKEN
    }

    /**
     * The place from which the key is read.
     *
     * @param file the file that contains the key, or the PKCS#11 configuration file of the token
     * @param kind the type of the source
     * @param password the password of the PKCS#12 file or the token; empty for PEM
     */
    public record Source(Path file, Kind kind, Secret password) {

        /**
         * Reads the key for signing. Creates a PEM file if it does not exist.
         *
         * @throws IOException when the file cannot be read or created
         * @throws GeneralSecurityException when the file or token contains no usable key
         */
        public LedgerKey forSigning() throws IOException, GeneralSecurityException {
            if (kind == Kind.PEM && !Files.exists(file)) {
                create();
            }
            return load();
        }

        boolean exists() {
            return Files.exists(file);
        }

        /**
         * Reads the key, and returns its {@link LedgerKey#fingerprint}.
         *
         * @throws IOException when the file cannot be read
         * @throws GeneralSecurityException when the file or token contains no usable key
         */
        public String fingerprint() throws IOException, GeneralSecurityException {
            return load().fingerprint();
        }

        LedgerKey forVerifying() throws IOException, GeneralSecurityException {
            return load();
        }

        private LedgerKey load() throws IOException, GeneralSecurityException {
            return switch (kind) {
                case PEM -> fromPem();
                case PKCS12 -> fromPkcs12();
                case TOKEN -> fromToken();
            };
        }

        /** Opens the token once per process, because each opening starts a session on the token. */
        private LedgerKey fromToken() throws GeneralSecurityException {
            LedgerKey known = TOKEN_KEYS.get(this);
            if (known != null) {
                return known;
            }
            Provider base = Security.getProvider("SunPKCS11");
            if (base == null) {
                throw new GeneralSecurityException("this Java runtime has no PKCS#11 provider");
            }
            try {
                Provider token = base.configure(file.toString());
                KeyStore store = KeyStore.getInstance("PKCS11", token);
                store.load(null, password.revealChars());
                LedgerKey key = firstKey(store, token);
                TOKEN_KEYS.put(this, key);
                return key;
            } catch (RuntimeException | IOException e) {
                Throwable root = e;
                while (root.getCause() != null) {
                    root = root.getCause();
                }
                throw new GeneralSecurityException("cannot open the token of " + file + ": " + root, e);
            }
        }

        private LedgerKey fromPkcs12() throws IOException, GeneralSecurityException {
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(file)) {
                store.load(in, password.revealChars());
            }
            return firstKey(store, null);
        }

        private LedgerKey firstKey(KeyStore store, @Nullable Provider token) throws GeneralSecurityException {
            for (String alias : java.util.Collections.list(store.aliases())) {
                Certificate certificate = store.getCertificate(alias);
                if (certificate != null && store.getKey(alias, password.revealChars()) instanceof PrivateKey key) {
                    return new LedgerKey(key, certificate.getPublicKey(), token);
                }
            }
            throw new GeneralSecurityException(file + " contains no private key with a certificate");
        }

        private LedgerKey fromPem() throws IOException, GeneralSecurityException {
            PrivateKey key = null;
            PublicKey publicKey = null;
            Matcher matcher = PEM.matcher(Files.readString(file));
            while (matcher.find()) {
                byte[] bytes = Base64.getMimeDecoder().decode(matcher.group(2));
                if (matcher.group(1).equals("PRIVATE KEY")) {
                    key = KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(bytes));
                } else if (matcher.group(1).equals("PUBLIC KEY")) {
                    publicKey = publicKey(bytes);
                }
            }
            if (publicKey == null) {
                throw new GeneralSecurityException(file + " lacks the public key");
            }
            return new LedgerKey(key, publicKey, null);
        }

        private void create() throws IOException, GeneralSecurityException {
            OwnerOnly.createOnce(file, newPair().pem());
        }

        /** Returns whether the key is a PEM file that Sendport created and may replace. */
        boolean isOwn() {
            return kind == Kind.PEM;
        }

        /**
         * Replaces the key file.
         *
         * @throws IOException when the new key cannot be written; the old key stays then
         */
        void replace(LedgerKey key) throws IOException {
            Path part = file.resolveSibling(file.getFileName() + ".new");
            Files.deleteIfExists(part);
            OwnerOnly.createOnce(part, key.pem());
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
