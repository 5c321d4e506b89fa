package io.sendport.smtp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HexFormat;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Puts TLS 1.2 or 1.3 over a guarded connection, the server's name always checked, and remembers the socket for the record. */
final class TlsFactory extends SSLSocketFactory {

    private final SSLSocketFactory factory;
    private @Nullable SSLSocket socket;

    TlsFactory(SSLSocketFactory factory) {
        this.factory = factory;
    }

    @Override
    public Socket createSocket(Socket under, String host, int port, boolean autoClose) throws IOException {
        SSLSocket made = (SSLSocket) factory.createSocket(under, host, port, autoClose);
        SSLParameters parameters = made.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        made.setSSLParameters(parameters);
        socket = made;
        return made;
    }

    /** Protocol, cipher suite and the SHA-256 of the server's certificate, or nothing on a clear channel. */
    String channel() {
        SSLSocket current = socket;
        if (current == null) {
            return "";
        }
        String print;
        try {
            print = ", certificate "
                    + HexFormat.of().formatHex(sha256(peer(current).getEncoded()));
        } catch (IOException | CertificateEncodingException e) {
            print = "";
        }
        return current.getSession().getProtocol() + " " + current.getSession().getCipherSuite() + print;
    }

    /**
     * Compares the server's public key with the one that is wanted (RFC 7469 section 2.4).
     *
     * @throws IOException when it is another, with what it is
     */
    void requireKey(String pinned) throws IOException {
        SSLSocket current = socket;
        if (current == null) {
            throw new IOException("the channel is clear, so the server's key can't be compared with pinnedKey");
        }
        String found = keyOf(peer(current));
        if (!found.equals(pinned)) {
            throw new IOException("the server's key is " + found + ", not the pinnedKey; nothing was sent");
        }
    }

    /** SHA-256 of a certificate's public key, base64. */
    static String keyOf(X509Certificate certificate) {
        return Base64.getEncoder()
                .encodeToString(sha256(certificate.getPublicKey().getEncoded()));
    }

    private static X509Certificate peer(SSLSocket socket) throws IOException {
        return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return factory.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return factory.getSupportedCipherSuites();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        throw unguarded();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
        throw unguarded();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        throw unguarded();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
        throw unguarded();
    }

    private static IOException unguarded() {
        return new IOException("TLS is put over a guarded connection only");
    }
}
