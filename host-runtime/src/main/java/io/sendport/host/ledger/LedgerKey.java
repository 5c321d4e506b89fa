package io.sendport.host.ledger;

import io.sendport.api.settings.Secret;
import io.sendport.config.AuditLedgerSettings;
import io.sendport.host.store.OwnerOnly;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The Ed25519 key that signs checkpoints. */
final class LedgerKey {

    private static final Pattern PEM = Pattern.compile("-----BEGIN (.+?)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

    private final @Nullable PrivateKey privateKey;
    private final PublicKey publicKey;

    private LedgerKey(@Nullable PrivateKey privateKey, PublicKey publicKey) {
        this.privateKey = privateKey;
        this.publicKey = publicKey;
    }

    /**
     * The half that signs.
     *
     * @throws GeneralSecurityException when it isn't here
     */
    PrivateKey privateKey() throws GeneralSecurityException {
        PrivateKey key = privateKey;
        if (key == null) {
            throw new GeneralSecurityException("only the public half of the ledger's key is here");
        }
        return key;
    }

    /** The half that verifies, as PEM. */
    String publicPem() {
        return Source.pem("PUBLIC KEY", publicKey.getEncoded());
    }

    /** SHA-256 of the public key. */
    String fingerprint() {
        return Hashing.ofHeader(Base64.getEncoder().encodeToString(publicKey.getEncoded()));
    }

    /** The file that is made beside a store. */
    static Path beside(Path place) {
        return place.resolveSibling(place.getFileName() + ".ledger-key.pem");
    }

    /** Where the key comes from: a PKCS#12 file that the settings name, else a PEM file beside the store, made when first needed. */
    static Source source(Path place, Optional<AuditLedgerSettings> settings) {
        Optional<Path> named = settings.flatMap(AuditLedgerSettings::checkpointKey);
        Secret password =
                settings.flatMap(AuditLedgerSettings::checkpointKeyPassword).orElse(new Secret(""));
        return new Source(named.orElse(beside(place)), named.isPresent(), password);
    }

    /** A PEM file with the public half alone. */
    static Source publicHalf(Path file) {
        return new Source(file, false, new Secret(""));
    }

    /** A place that holds the key. */
    record Source(Path file, boolean isPkcs12, Secret password) {

        LedgerKey forSigning() throws IOException, GeneralSecurityException {
            if (!isPkcs12 && !Files.exists(file)) {
                make();
            }
            return load();
        }

        boolean exists() {
            return Files.exists(file);
        }

        /** As {@link LedgerKey#fingerprint}. */
        String fingerprint() throws IOException, GeneralSecurityException {
            return load().fingerprint();
        }

        PublicKey forVerifying() throws IOException, GeneralSecurityException {
            return load().publicKey;
        }

        private LedgerKey load() throws IOException, GeneralSecurityException {
            return isPkcs12 ? fromPkcs12() : fromPem();
        }

        private LedgerKey fromPkcs12() throws IOException, GeneralSecurityException {
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(file)) {
                store.load(in, password.revealChars());
            }
            for (String alias : java.util.Collections.list(store.aliases())) {
                if (store.getKey(alias, password.revealChars()) instanceof PrivateKey key) {
                    Certificate certificate = store.getCertificate(alias);
                    return new LedgerKey(key, certificate.getPublicKey());
                }
            }
            throw new GeneralSecurityException(file + " holds no private key");
        }

        private LedgerKey fromPem() throws IOException, GeneralSecurityException {
            KeyFactory factory = KeyFactory.getInstance("Ed25519");
            PrivateKey key = null;
            PublicKey publicKey = null;
            Matcher matcher = PEM.matcher(Files.readString(file));
            while (matcher.find()) {
                byte[] bytes = Base64.getMimeDecoder().decode(matcher.group(2));
                if (matcher.group(1).equals("PRIVATE KEY")) {
                    key = factory.generatePrivate(new PKCS8EncodedKeySpec(bytes));
                } else if (matcher.group(1).equals("PUBLIC KEY")) {
                    publicKey = factory.generatePublic(new X509EncodedKeySpec(bytes));
                }
            }
            if (publicKey == null) {
                throw new GeneralSecurityException(file + " lacks the public key");
            }
            return new LedgerKey(key, publicKey);
        }

        private void make() throws IOException, GeneralSecurityException {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            OwnerOnly.createOnce(
                    file,
                    pem("PRIVATE KEY", pair.getPrivate().getEncoded())
                            + pem("PUBLIC KEY", pair.getPublic().getEncoded()));
        }

        private static String pem(String type, byte[] bytes) {
            String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
            return "-----BEGIN " + type + "-----\n" + lines + "\n-----END " + type + "-----\n";
        }
    }
}
