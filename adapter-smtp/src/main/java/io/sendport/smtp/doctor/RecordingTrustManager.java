package io.sendport.smtp.doctor;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Accepts every certificate and remembers the certificates that it saw. Only for diagnosis: no secret is sent over its connections. */
final class RecordingTrustManager extends X509ExtendedTrustManager {

    private volatile List<X509Certificate> chain = List.of();

    SSLContext context() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {this}, null);
        return context;
    }

    List<X509Certificate> chain() {
        return chain;
    }

    private void see(X509Certificate[] shown) {
        chain = List.of(shown);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] shown, String algorithm, Socket socket) {
        see(shown);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] shown, String algorithm, SSLEngine engine) {
        see(shown);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] shown, String algorithm) {
        see(shown);
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
