package io.sendport.smtp.relay;

import io.sendport.api.settings.Secret;
import io.sendport.api.settings.Settings;
import io.sendport.support.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Which server is trusted, and which certificate Sendport presents.
 *
 * @param store authorities to trust instead of the JDK's
 * @param storePassword its password
 * @param clientKey the client certificate with its key
 * @param clientKeyPassword its password
 * @param pinnedKey SHA-256 of the server's public key, base64; no other key is accepted. Without a store this is the only check
 */
public record Trust(
        Optional<Path> store,
        Optional<Secret> storePassword,
        Optional<Path> clientKey,
        Optional<Secret> clientKeyPassword,
        Optional<String> pinnedKey) {

    /** The JDK's authorities, and no client certificate. */
    public static final Trust OF_THE_JDK =
            new Trust(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    private static final long MAX_BYTES = 16L * 1024 * 1024;

    static Trust of(Settings settings) {
        return new Trust(
                settings.path("trustStore"),
                settings.secret("trustStorePassword"),
                settings.path("clientKey"),
                settings.secret("clientKeyPassword"),
                settings.text("pinnedKey"));
    }

    /** The same trust for a server other than the one whose key is pinned. */
    public Trust withoutPinnedKey() {
        return new Trust(store, storePassword, clientKey, clientKeyPassword, Optional.empty());
    }

    /** The same trust without a client certificate. */
    public Trust withoutClientKey() {
        return new Trust(store, storePassword, Optional.empty(), Optional.empty(), pinnedKey);
    }

    /** The same trust with the JDK's authorities. */
    public Trust withoutStore() {
        return new Trust(Optional.empty(), Optional.empty(), clientKey, clientKeyPassword, pinnedKey);
    }

    /**
     * Reads the files.
     *
     * @throws IOException when a file cannot be read; the message names it
     */
    public SSLContext context() throws GeneralSecurityException, IOException {
        SSLContext context = SSLContext.getInstance("TLS");
        TrustManager[] trusted = null;
        if (store.isPresent()) {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(authorities(store.get()));
            trusted = trust.getTrustManagers();
        } else if (pinnedKey.isPresent()) {
            // The pinned key decides; TlsChannel compares it after the handshake, before any command is sent.
            trusted = new TrustManager[] {new AnyCertificate()};
        }
        context.init(keys(), trusted, null);
        return context;
    }

    /** Accepts any certificate and leaves the decision to the comparison with the pinned key. */
    private static final class AnyCertificate extends X509ExtendedTrustManager {
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
            // The key is compared later.
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            // As above.
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            // As above.
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
            throw new UnsupportedOperationException("Sendport does not accept connections here");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            throw new UnsupportedOperationException("Sendport does not accept connections here");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            throw new UnsupportedOperationException("Sendport does not accept connections here");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /** The client certificate, for servers that request one. */
    private KeyManager @Nullable [] keys() throws GeneralSecurityException, IOException {
        if (clientKey.isEmpty()) {
            return null;
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(clientStore(clientKey.get()), password());
        return factory.getKeyManagers();
    }

    private char[] password() {
        return clientKeyPassword.map(secret -> secret.revealChars()).orElse(new char[0]);
    }

    private KeyStore clientStore(Path file) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(readable(file))) {
            store.load(in, password());
        }
        return store;
    }

    /**
     * The earliest expiry of the certificates in the client key, by its name; empty without a client key.
     *
     * @throws GeneralSecurityException when the file is not a key
     * @throws IOException when it cannot be read
     */
    public Map<String, Instant> clientExpiries() throws GeneralSecurityException, IOException {
        Map<String, Instant> expiries = new TreeMap<>();
        if (clientKey.isPresent()) {
            KeyStore store = clientStore(clientKey.get());
            for (String alias : Collections.list(store.aliases())) {
                if (store.getCertificate(alias) instanceof X509Certificate certificate) {
                    expiries.merge(
                            "of clientKey " + clientKey.get().getFileName(),
                            certificate.getNotAfter().toInstant(),
                            (one, other) -> one.isBefore(other) ? one : other);
                }
            }
        }
        return expiries;
    }

    private static Path readable(Path file) throws NoSuchFileException {
        if (!Files.isReadable(file)) {
            throw new NoSuchFileException("file " + file + " does not exist or cannot be read");
        }
        return file;
    }

    private KeyStore authorities(Path named) throws GeneralSecurityException, IOException {
        Path file = readable(named);
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException(file + " has " + Files.size(file) + " bytes, expected at most 16 MB");
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        byte[] bytes = Files.readAllBytes(file);
        boolean pem =
                new String(bytes, 0, Math.min(bytes.length, 4096), StandardCharsets.ISO_8859_1).contains("-----BEGIN");
        if (!pem) {
            trusted.load(
                    new ByteArrayInputStream(bytes),
                    storePassword.map(secret -> secret.revealChars()).orElse(null));
            return trusted;
        }
        trusted.load(null, null);
        Collection<? extends Certificate> certificates =
                CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bytes));
        if (certificates.isEmpty()) {
            throw new IOException(file + " contains no certificate");
        }
        int number = 0;
        for (Certificate certificate : certificates) {
            trusted.setCertificateEntry("trusted-" + number++, certificate);
        }
        return trusted;
    }

    /** Everything that determines which server a connection reaches, with secrets as digests. */
    List<Object> key() {
        return List.of(
                store.map(Trust::fileKey).orElse(""),
                storePassword.map(Relay::digest).orElse(""),
                clientKey.map(Trust::fileKey).orElse(""),
                clientKeyPassword.map(Relay::digest).orElse(""),
                pinnedKey.orElse(""));
    }

    /** A renewed file needs new connections, although its path is unchanged. */
    private static String fileKey(Path file) {
        try {
            return file + " " + Sha256.hex(Files.readAllBytes(file));
        } catch (IOException e) {
            // Connecting reads the file again and reports the failure.
            return file.toString();
        }
    }
}
