package io.sendport.host.submission;

import io.sendport.config.ConsoleSettings;
import io.sendport.support.Failures;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate of the submission feed. The next connection uses a renewed file. If the file cannot be read, the previous certificate
 * stays in use. Safe for use by several threads.
 */
final class TlsFile {

    private static final Logger LOG = LoggerFactory.getLogger(TlsFile.class);
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final ConsoleSettings.Tls settings;
    private @Nullable FileTime readAt;
    private @Nullable SSLContext context;

    TlsFile(ConsoleSettings.Tls settings) {
        this.settings = settings;
    }

    /**
     * Prepares TLS over {@code socket}, as the server. The caller starts the handshake.
     *
     * @throws IOException when there is no usable certificate
     */
    SSLSocket wrap(Socket socket) throws IOException {
        SSLSocket secured = (SSLSocket) now().getSocketFactory()
                .createSocket(socket, socket.getInetAddress().getHostAddress(), socket.getPort(), true);
        secured.setUseClientMode(false);
        secured.setEnabledProtocols(PROTOCOLS);
        return secured;
    }

    private synchronized SSLContext now() throws IOException {
        Path file = settings.keyStore();
        SSLContext known = context;
        try {
            FileTime changed = Files.getLastModifiedTime(file);
            if (known != null && changed.equals(readAt)) {
                return known;
            }
            SSLContext read = read(file);
            readAt = changed;
            context = read;
            return read;
        } catch (IOException | GeneralSecurityException e) {
            if (known == null) {
                throw new IOException("cannot use " + file + ": " + e.getMessage(), e);
            }
            LOG.warn(
                    "Cannot use {}: {}. The submission feed keeps using the previous certificate. Correct the file",
                    file,
                    Failures.reason(e));
            return known;
        }
    }

    private SSLContext read(Path file) throws IOException, GeneralSecurityException {
        char[] password = settings.password().reveal().toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, password);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password);
        SSLContext made = SSLContext.getInstance("TLS");
        made.init(keys.getKeyManagers(), null, null);
        return made;
    }
}
