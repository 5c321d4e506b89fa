package io.sendport.smtp.wire;

import io.sendport.support.Failures;
import io.sendport.support.Sha256;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** TLS 1.2 or 1.3 over a guarded connection, after the handshake, with the server's name verified. */
public final class TlsChannel {

    private static final byte[] END_POINT = "tls-server-end-point:".getBytes(StandardCharsets.US_ASCII);

    private final SSLSocket socket;
    private final X509Certificate peer;

    private TlsChannel(SSLSocket socket, X509Certificate peer) {
        this.socket = socket;
        this.peer = peer;
    }

    /**
     * Performs the handshake.
     *
     * @param pinnedKey the required key of the server, as in {@link #keyOf}
     * @throws IOException when the server is not the expected one, or the handshake fails
     */
    static TlsChannel over(Socket under, SSLSocketFactory factory, String host, int port, Optional<String> pinnedKey)
            throws IOException {
        SSLSocket made = (SSLSocket) factory.createSocket(under, host, port, true);
        SSLParameters parameters = made.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        made.setSSLParameters(parameters);
        shakeHands(made);
        X509Certificate peer = (X509Certificate) made.getSession().getPeerCertificates()[0];
        requireValid(peer);
        String found = keyOf(peer);
        if (!pinnedKey.orElse(found).equals(found)) {
            throw new CertificateRefusedException(
                    "the server's key is " + found
                            + ", not the pinnedKey; nothing was sent. If the server's administrator confirms the new key, set"
                            + " pinnedKey to it. If not, somebody may be intercepting the connection",
                    false);
        }
        return new TlsChannel(made, peer);
    }

    private static void shakeHands(SSLSocket socket) throws IOException {
        try {
            socket.startHandshake();
        } catch (SSLHandshakeException e) {
            if (Failures.find(e, CertificateException.class).isEmpty()) {
                throw e;
            }
            throw Failures.find(e, CertificateExpiredException.class)
                    .map(expired -> refused("expired", expired))
                    .or(() -> Failures.find(e, CertificateNotYetValidException.class)
                            .map(early -> refused("is not valid yet", early)))
                    .orElseGet(() -> new CertificateRefusedException(
                            "the server's certificate is not trusted: " + Failures.reason(e), false));
        }
    }

    /** A certificate that leads to a trusted authority but whose dates are not valid, with Java's explanation. */
    private static CertificateRefusedException refused(String what, CertificateException why) {
        return new CertificateRefusedException("the server's certificate " + what + ": " + why.getMessage(), true);
    }

    /** Java does not check the dates of a certificate that is itself in the trust store. */
    private static void requireValid(X509Certificate peer) throws IOException {
        Instant now = Instant.now();
        Instant from = peer.getNotBefore().toInstant();
        Instant to = peer.getNotAfter().toInstant();
        if (now.isBefore(from) || now.isAfter(to)) {
            throw new CertificateRefusedException(
                    now.isAfter(to)
                            ? "the server's certificate expired on " + to + "; the server's administrator must renew it"
                            : "the server's certificate is not valid before " + from
                                    + "; check the clock of this machine",
                    true);
        }
    }

    SSLSocket socket() {
        return socket;
    }

    /** The server's own certificate. */
    X509Certificate peer() {
        return peer;
    }

    /** Protocol, cipher suite and the SHA-256 of the server's certificate. */
    String described() {
        String print;
        try {
            print = ", certificate " + Sha256.hex(peer.getEncoded());
        } catch (CertificateEncodingException e) {
            print = "";
        }
        return socket.getSession().getProtocol() + " " + socket.getSession().getCipherSuite() + print;
    }

    /** The channel binding that ties a log-on to this channel (RFC 5929 section 4.1). */
    byte[] endPoint() throws IOException {
        byte[] hash;
        try {
            hash = digest(endPointHash(peer.getSigAlgName()), peer.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot read the server's certificate", e);
        }
        byte[] binding = Arrays.copyOf(END_POINT, END_POINT.length + hash.length);
        System.arraycopy(hash, 0, binding, END_POINT.length, hash.length);
        return binding;
    }

    /** The hash of the certificate's signature algorithm; SHA-256 when it is weaker or has none. */
    private static String endPointHash(String signature) {
        String name = signature.toUpperCase(Locale.ROOT);
        return name.startsWith("SHA384") ? "SHA-384" : name.startsWith("SHA512") ? "SHA-512" : "SHA-256";
    }

    /** SHA-256 of a certificate's public key, base64 (RFC 7469 section 2.4). */
    public static String keyOf(X509Certificate certificate) {
        return Base64.getEncoder()
                .encodeToString(Sha256.of(certificate.getPublicKey().getEncoded()));
    }

    private static byte[] digest(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }
}
