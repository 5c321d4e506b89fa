package io.sendport.smtp.doctor;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** The certificate chain that a server presents, whether or not it is trusted. Only for diagnosis: no secret is sent over its connections. */
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
