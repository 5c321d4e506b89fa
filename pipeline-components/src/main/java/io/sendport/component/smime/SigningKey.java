package io.sendport.component.smime;

import io.sendport.api.settings.Secret;
import io.sendport.api.settings.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A signer's private key with its certificates.
 *
 * @param key the private key
 * @param chain the signer's certificate first
 * @param include how much of the chain goes into the signature
 */
record SigningKey(PrivateKey key, List<X509Certificate> chain, String include) {

    /**
     * Reads the PKCS#12 file that the settings name.
     *
     * @throws SmimeException when it can't be read, or holds not exactly one key
     */
    static SigningKey load(Settings settings) throws SmimeException {
        Path file = settings.path("signingKey").orElseThrow(() -> new SmimeException("signingKey is missing"));
        char[] password =
                settings.secret("signingKeyPassword").map(Secret::revealChars).orElse(new char[0]);
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password);
            List<String> aliases = new ArrayList<>();
            for (String alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias)) {
                    aliases.add(alias);
                }
            }
            if (aliases.size() != 1) {
                throw new SmimeException(file + " holds " + aliases.size() + " private keys, expected one");
            }
            Key key = store.getKey(aliases.get(0), password);
            List<X509Certificate> chain = new ArrayList<>();
            Certificate[] certificates = store.getCertificateChain(aliases.get(0));
            for (Certificate certificate : certificates == null ? new Certificate[0] : certificates) {
                chain.add((X509Certificate) certificate);
            }
            if (!(key instanceof PrivateKey privateKey) || chain.isEmpty()) {
                throw new SmimeException(file + " holds a key without a certificate");
            }
            if (!privateKey.getAlgorithm().equals("RSA")) {
                throw new SmimeException(
                        file + " holds a " + privateKey.getAlgorithm() + " key; only RSA is done in this version");
            }
            return new SigningKey(privateKey, List.copyOf(chain), settings.text("includeCertificates", "chain"));
        } catch (IOException | GeneralSecurityException e) {
            throw new SmimeException(file + " can't be opened: " + reason(e), e);
        }
    }

    private static String reason(Exception e) {
        return e instanceof java.nio.file.NoSuchFileException
                ? "there is no such file"
                : String.valueOf(e.getMessage());
    }

    X509Certificate certificate() {
        return chain.get(0);
    }

    /** What of the chain goes into the signature. */
    List<X509Certificate> included() {
        return switch (include) {
            case "none" -> List.of();
            case "signer" -> chain.subList(0, 1);
            default -> chain;
        };
    }

    /**
     * Checks that the certificate may sign now.
     *
     * @throws SmimeException when it may not, with what to do
     */
    void requireUsable(Instant now) throws SmimeException {
        Certificates.requireValid(certificate(), now, "signing certificate");
        boolean[] usage = certificate().getKeyUsage();
        if (usage != null && !usage[0] && !usage[1]) {
            throw new SmimeException("signing certificate " + Certificates.describe(certificate())
                    + " is not made for signing (key usage); use another");
        }
    }

    /** Never the key. */
    @Override
    public String toString() {
        return "SigningKey[" + Certificates.describe(certificate()) + "]";
    }
}
