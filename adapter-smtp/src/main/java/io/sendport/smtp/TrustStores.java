package io.sendport.smtp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Makes the TLS socket factory of a relay: its own authorities, or the JDK's. */
final class TrustStores {

    private static final long MAX_BYTES = 16L * 1024 * 1024;

    private TrustStores() {}

    static SSLContext load(Relay relay) throws GeneralSecurityException, IOException {
        SSLContext context = SSLContext.getInstance("TLS");
        TrustManager[] trusted = null;
        if (relay.trustStore().isPresent()) {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store(relay, relay.trustStore().get()));
            trusted = trust.getTrustManagers();
        }
        context.init(keys(relay), trusted, null);
        return context;
    }

    /** Our own certificate, for servers that ask for one. */
    private static KeyManager @Nullable [] keys(Relay relay) throws GeneralSecurityException, IOException {
        if (relay.clientKey().isEmpty()) {
            return null;
        }
        Path file = relay.clientKey().get();
        if (!Files.isReadable(file)) {
            throw new NoSuchFileException("there is no readable file " + file);
        }
        char[] password =
                relay.clientKeyPassword().map(secret -> secret.revealChars()).orElse(new char[0]);
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, password);
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, password);
        return factory.getKeyManagers();
    }

    private static KeyStore store(Relay relay, Path file) throws GeneralSecurityException, IOException {
        if (!Files.isReadable(file)) {
            throw new NoSuchFileException("there is no readable file " + file);
        }
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException(file + " has " + Files.size(file) + " bytes, expected at most 16 MB");
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        byte[] bytes = Files.readAllBytes(file);
        boolean pem = new String(bytes, 0, Math.min(bytes.length, 4096), java.nio.charset.StandardCharsets.ISO_8859_1)
                .contains("-----BEGIN");
        if (!pem) {
            try (InputStream in = Files.newInputStream(file)) {
                store.load(
                        in,
                        relay.trustStorePassword()
                                .map(secret -> secret.revealChars())
                                .orElse(null));
            }
            return store;
        }
        store.load(null, null);
        Collection<? extends Certificate> certificates;
        try (InputStream in = Files.newInputStream(file)) {
            certificates = CertificateFactory.getInstance("X.509").generateCertificates(in);
        }
        if (certificates.isEmpty()) {
            throw new IOException(file + " holds no certificate");
        }
        int number = 0;
        for (Certificate certificate : certificates) {
            store.setCertificateEntry("trusted-" + number++, certificate);
        }
        return store;
    }
}
