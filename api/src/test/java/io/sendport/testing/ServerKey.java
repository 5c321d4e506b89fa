package io.sendport.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A server's self-signed certificate and key, in a folder: {@code server.p12}, {@code server.pem}, {@code server.key}. */
public final class ServerKey {

    private static final char[] PASSWORD = "secret".toCharArray();

    private final Path folder;
    private final KeyStore store;

    private ServerKey(Path folder, KeyStore store) {
        this.folder = folder;
        this.store = store;
    }

    /** For the names, written as {@code dns:localhost,ip:127.0.0.1}; good for 90 days. */
    public static ServerKey make(Path folder, String names) throws IOException, GeneralSecurityException {
        return make(folder, names, "-0d", 90);
    }

    /** As above, good for {@code days} from {@code start} on, which is written as {@code -10d}. */
    public static ServerKey make(Path folder, String names, String start, int days)
            throws IOException, GeneralSecurityException {
        Instant from = Instant.now().plus(Duration.ofDays(Integer.parseInt(start.replace("d", ""))));
        SelfSigned made = SelfSigned.of(names, from, from.plus(Duration.ofDays(days)));
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("s", made.keys().getPrivate(), PASSWORD, new Certificate[] {made.certificate()});
        try (OutputStream file = Files.newOutputStream(folder.resolve("server.p12"))) {
            store.store(file, PASSWORD);
        }
        ServerKey key = new ServerKey(folder, store);
        pem(key.certificate(), "CERTIFICATE", made.certificate().getEncoded());
        pem(
                folder.resolve("server.key"),
                "PRIVATE KEY",
                made.keys().getPrivate().getEncoded());
        return key;
    }

    private static void pem(Path file, String what, byte[] bytes) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        Files.writeString(file, "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
    }

    /** The certificate in PEM, for those who are to trust it. */
    public Path certificate() {
        return folder.resolve("server.pem");
    }

    public X509Certificate x509() throws GeneralSecurityException {
        return (X509Certificate) store.getCertificate("s");
    }

    /** For a server that shows it, and trusts clients that show it too. */
    public SSLContext context() throws GeneralSecurityException, IOException {
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, PASSWORD);
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        own.setCertificateEntry("own", store.getCertificate("s"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(own);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
