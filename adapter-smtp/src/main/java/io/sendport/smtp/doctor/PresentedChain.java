package io.sendport.smtp.doctor;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Records the certificate chain that a server presents, trusted or not. Only for diagnosis: no secret is sent over its connections. */
final class PresentedChain extends X509ExtendedTrustManager {

    private volatile List<X509Certificate> certificates = List.of();

    SSLContext context() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {this}, null);
        return context;
    }

    List<X509Certificate> certificates() {
        return certificates;
    }

    /** Writes the certificates as PEM. */
    static void write(List<X509Certificate> certificates, Path file) throws IOException, GeneralSecurityException {
        StringBuilder pem = new StringBuilder();
        for (X509Certificate each : certificates) {
            pem.append("-----BEGIN CERTIFICATE-----\n")
                    .append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(each.getEncoded()))
                    .append("\n-----END CERTIFICATE-----\n");
        }
        Files.writeString(file, pem);
    }

    private void record(X509Certificate[] shown) {
        certificates = List.of(shown);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] shown, String algorithm, Socket socket) {
        record(shown);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] shown, String algorithm, SSLEngine engine) {
        record(shown);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] shown, String algorithm) {
        record(shown);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] shown, String algorithm, Socket socket) {
        throw new UnsupportedOperationException("Sendport does not accept connections here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] shown, String algorithm, SSLEngine engine) {
        throw new UnsupportedOperationException("Sendport does not accept connections here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] shown, String algorithm) {
        throw new UnsupportedOperationException("Sendport does not accept connections here");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
