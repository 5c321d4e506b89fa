package io.sendport.smtp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
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

    /** Protocol and cipher suite, or nothing on a clear channel. */
    String channel() {
        SSLSocket current = socket;
        return current == null
                ? ""
                : current.getSession().getProtocol() + " "
                        + current.getSession().getCipherSuite();
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
