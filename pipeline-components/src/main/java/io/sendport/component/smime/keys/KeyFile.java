package io.sendport.component.smime.keys;

import io.sendport.api.settings.Secret;
import io.sendport.api.settings.Settings;
import io.sendport.support.Failures;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Security;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;

/** Reads private keys with their certificates: from PKCS#12, PEM, or a PKCS#11 token named by {@code pkcs11:CONFIGURATION}. */
final class KeyFile {

    private static final String TOKEN = "pkcs11:";
    private static final long MAX_SIZE = 1_000_000;

    private final String name;
    private final Path file;
    private final char[] password;
    private final Optional<String> alias;

    private KeyFile(String name, Path file, char[] password, Optional<String> alias) {
        this.name = name;
        this.file = file;
        this.password = password;
        this.alias = alias;
    }

    /**
     * The key that was found.
     *
     * @param key the private key
     * @param chain its certificates, its own first
     * @param token the token that stores the key; only this token can sign with it
     */
    record Found(PrivateKey key, List<X509Certificate> chain, Optional<Provider> token) {
        @Override
        public String toString() {
            return "Found[" + Certificates.describe(chain.get(0)) + "]";
        }
    }

    /**
     * The file that {@code signingKey} names.
     *
     * @throws SmimeException when the attribute is missing
     */
    static KeyFile of(Settings settings) throws SmimeException {
        String name = settings.text("signingKey").orElseThrow(() -> new SmimeException("signingKey is missing"));
        Path file = settings.originOf("signingKey")
                .folder()
                .resolve(name.startsWith(TOKEN) ? name.substring(TOKEN.length()) : name)
                .normalize();
        char[] password =
                settings.secret("signingKeyPassword").map(Secret::revealChars).orElse(new char[0]);
        return new KeyFile(name, file, password, settings.text("signingKeyAlias"));
    }

    /** The file, used to notice changes. */
    Path file() {
        return file;
    }

    /**
     * Opens the file.
     *
     * @throws SmimeException when it cannot be read, or does not contain exactly one matching key
     */
    Found open() throws SmimeException {
        try {
            if (name.startsWith(TOKEN)) {
                return token();
            }
            if (Files.size(file) > MAX_SIZE) {
                throw new SmimeException(
                        file + " has " + Files.size(file) + " bytes, expected a key file of at most " + MAX_SIZE);
            }
            return isPem() ? pem() : pkcs12();
        } catch (NoSuchFileException e) {
            throw new SmimeException(file + " cannot be opened: the file does not exist", e);
        } catch (IOException | GeneralSecurityException | OperatorCreationException | PKCSException e) {
            throw new SmimeException(
                    file + " cannot be opened: " + (e.getMessage() == null ? Failures.reason(e) : e.getMessage()), e);
        }
    }

    private boolean isPem() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(64 * 1024), StandardCharsets.ISO_8859_1).contains("-----BEGIN ");
        }
    }

    private Found pkcs12() throws IOException, GeneralSecurityException, SmimeException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, password);
        }
        return chosen(store, Optional.empty());
    }

    private Found token() throws IOException, GeneralSecurityException, SmimeException {
        Provider base = Security.getProvider("SunPKCS11");
        if (base == null) {
            throw new SmimeException(name + ": this Java has no PKCS#11 provider");
        }
        try {
            Provider token = base.configure(file.toString());
            KeyStore store = KeyStore.getInstance("PKCS11", token);
            store.load(null, password);
            return chosen(store, Optional.of(token));
        } catch (RuntimeException e) {
            throw new SmimeException(name + " cannot be opened: " + Failures.reason(e), e);
        }
    }

    private Found chosen(KeyStore store, Optional<Provider> token) throws GeneralSecurityException, SmimeException {
        List<String> aliases = new ArrayList<>();
        for (String each : Collections.list(store.aliases())) {
            if (store.isKeyEntry(each) && alias.map(each::equalsIgnoreCase).orElse(true)) {
                aliases.add(each);
            }
        }
        if (aliases.size() != 1) {
            throw new SmimeException(file + " contains " + aliases.size() + " private keys"
                    + alias.map(each -> " named \"" + each + "\"").orElse("")
                    + ", expected one"
                    + (aliases.isEmpty() && alias.isEmpty()
                            ? ""
                            : "; name the alias of the right key in signingKeyAlias"));
        }
        Certificate[] certificates = store.getCertificateChain(aliases.get(0));
        if (!(store.getKey(aliases.get(0), password) instanceof PrivateKey key)
                || certificates == null
                || certificates.length == 0) {
            throw new SmimeException(file + " contains a key without a certificate");
        }
        return new Found(
                key,
                Arrays.stream(certificates).map(X509Certificate.class::cast).toList(),
                token);
    }

    private Found pem()
            throws IOException, GeneralSecurityException, OperatorCreationException, PKCSException, SmimeException {
        List<PrivateKeyInfo> keys = new ArrayList<>();
        List<X509Certificate> certificates = new ArrayList<>();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1);
                PEMParser parser = new PEMParser(reader)) {
            for (Object each = parser.readObject(); each != null; each = parser.readObject()) {
                if (each instanceof X509CertificateHolder certificate) {
                    certificates.add(new JcaX509CertificateConverter().getCertificate(certificate));
                } else {
                    key(each).ifPresent(keys::add);
                }
            }
        }
        if (keys.size() != 1) {
            throw new SmimeException(file + " contains " + keys.size() + " private keys, expected one");
        }
        return new Found(new JcaPEMKeyConverter().getPrivateKey(keys.get(0)), ordered(certificates), Optional.empty());
    }

    private Optional<PrivateKeyInfo> key(Object each) throws IOException, OperatorCreationException, PKCSException {
        if (each instanceof PrivateKeyInfo key) {
            return Optional.of(key);
        }
        if (each instanceof PKCS8EncryptedPrivateKeyInfo encrypted) {
            return Optional.of(encrypted.decryptPrivateKeyInfo(new JceOpenSSLPKCS8DecryptorProviderBuilder()
                    .setProvider(Cryptography.complete())
                    .build(password)));
        }
        if (each instanceof PEMEncryptedKeyPair encrypted) {
            return Optional.of(encrypted
                    .decryptKeyPair(new JcePEMDecryptorProviderBuilder()
                            .setProvider(Cryptography.complete())
                            .build(password))
                    .getPrivateKeyInfo());
        }
        return each instanceof PEMKeyPair pair ? Optional.of(pair.getPrivateKeyInfo()) : Optional.empty();
    }

    /** The chain in its order. The certificate that issued no other certificate is the owner's. */
    private List<X509Certificate> ordered(List<X509Certificate> certificates) throws SmimeException {
        List<X509Certificate> leaves = certificates.stream()
                .filter(each -> certificates.size() == 1
                        || certificates.stream()
                                .noneMatch(other -> !other.equals(each)
                                        && other.getIssuerX500Principal().equals(each.getSubjectX500Principal())))
                .toList();
        if (leaves.size() != 1) {
            throw new SmimeException(
                    file + " does not contain exactly one certificate for its key; expected the key, its"
                            + " certificate and the certificates of the issuers");
        }
        List<X509Certificate> chain = new ArrayList<>(leaves);
        certificates.stream().filter(each -> !chain.contains(each)).forEach(chain::add);
        return List.copyOf(chain);
    }
}
