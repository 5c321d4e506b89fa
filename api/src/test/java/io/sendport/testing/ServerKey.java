package io.sendport.testing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A server's self-signed certificate and key, in a folder: {@code server.p12}, {@code server.pem}, {@code server.key}. */
public final class ServerKey {

    private static final char[] PASSWORD = "secret".toCharArray();
    private static final Map<String, byte[]> MADE = new ConcurrentHashMap<>();

    private final Path folder;
    private final KeyStore store;

    private ServerKey(Path folder, KeyStore store) {
        this.folder = folder;
        this.store = store;
    }

    /**
     * For the names, written as {@code dns:localhost,ip:127.0.0.1}; good for 90 days. In one JVM, all calls with the same names give the same
     * key, because a new one takes a second.
     */
    public static ServerKey make(Path folder, String names) throws IOException, GeneralSecurityException {
        return make(folder, names, "-0d", 90);
    }

    /** As above, good for {@code days} from {@code start} on, which is written as {@code -10d}. */
    public static ServerKey make(Path folder, String names, String start, int days)
            throws IOException, GeneralSecurityException {
        String kind = names + " " + start + " " + days;
        byte[] made = MADE.get(kind);
        if (made == null) {
            made = generated(names, start, days);
            MADE.put(kind, made);
        }
        return written(folder, made);
    }

    /** As {@link #make(Path, String)}, with a key that nobody else has. */
    public static ServerKey another(Path folder, String names) throws IOException, GeneralSecurityException {
        return written(folder, generated(names, "-0d", 90));
    }

    private static ServerKey written(Path folder, byte[] made) throws IOException, GeneralSecurityException {
        Files.write(folder.resolve("server.p12"), made);
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(new ByteArrayInputStream(made), PASSWORD);
        ServerKey key = new ServerKey(folder, store);
        pem(key.certificate(), "CERTIFICATE", store.getCertificate("s").getEncoded());
        pem(
                folder.resolve("server.key"),
                "PRIVATE KEY",
                store.getKey("s", PASSWORD).getEncoded());
        return key;
    }

    private static byte[] generated(String names, String start, int days) throws IOException {
        Path folder = Files.createTempDirectory("server-key");
        Path file = folder.resolve("server.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-J-XX:TieredStopAtLevel=1",
                        "-genkeypair",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        "secret",
                        "-alias",
                        "s",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=server",
                        "-ext",
                        "SAN=" + names,
                        "-startdate",
                        start,
                        "-validity",
                        Integer.toString(days))
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (keytool.waitFor() != 0) {
                throw new IOException(said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        byte[] made = Files.readAllBytes(file);
        Files.delete(file);
        Files.delete(folder);
        return made;
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
