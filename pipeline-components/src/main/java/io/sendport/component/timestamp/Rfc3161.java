package io.sendport.component.timestamp;

import io.sendport.api.audit.TimeStamping;
import io.sendport.support.BoundedHttp;
import io.sendport.support.Sha256;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpRequest;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.TimeStampToken;

/** Requests time stamps by RFC 3161 over HTTP (section 3.4), with a nonce. Each token contains the server's certificate. */
public final class Rfc3161 implements TimeStamping {

    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    /** A token with a chain of certificates is a few kilobytes long. */
    private static final int MAX_SIZE = 256 * 1024;

    private final SecureRandom random = new SecureRandom();
    private final BoundedHttp http;

    /** Waits at most 15 s for each time stamp. */
    public Rfc3161() {
        this(TIMEOUT);
    }

    Rfc3161(Duration timeout) {
        http = new BoundedHttp(timeout);
    }

    @Override
    public byte[] request(URI server, byte[] sha256) throws IOException {
        TimeStampRequestGenerator generator = new TimeStampRequestGenerator();
        generator.setCertReq(true);
        TimeStampRequest request = generator.generate(TSPAlgorithms.SHA256, sha256, new BigInteger(64, random));
        try {
            TimeStampResponse response = new TimeStampResponse(post(server, request.getEncoded()));
            response.validate(request);
            TimeStampToken token = response.getTimeStampToken();
            if (token == null) {
                throw new IOException(server + " refused a time stamp: " + response.getStatusString());
            }
            byte[] encoded = token.getEncoded();
            verify(encoded, sha256);
            return encoded;
        } catch (TSPException | GeneralSecurityException | RuntimeException e) {
            throw new IOException(server + " did not return a time stamp of that digest: " + e.getMessage(), e);
        }
    }

    private byte[] post(URI server, byte[] request) throws IOException {
        try {
            return http.fetch(
                    HttpRequest.newBuilder(server)
                            .header("Content-Type", "application/timestamp-query")
                            .POST(HttpRequest.BodyPublishers.ofByteArray(request))
                            .build(),
                    MAX_SIZE);
        } catch (IllegalArgumentException e) {
            throw new IOException(server + " is not the address of a time-stamp server: " + e.getMessage(), e);
        }
    }

    @Override
    public Stamp verify(byte[] token, byte[] sha256) throws GeneralSecurityException {
        try {
            TimeStampToken stamp = new TimeStampToken(new CMSSignedData(token));
            if (!TSPAlgorithms.SHA256.equals(stamp.getTimeStampInfo().getMessageImprintAlgOID())
                    || !Arrays.equals(stamp.getTimeStampInfo().getMessageImprintDigest(), sha256)) {
                throw new GeneralSecurityException("the time stamp belongs to other data");
            }
            X509CertificateHolder signer = stamp.getCertificates().getMatches(null).stream()
                    .filter(each -> stamp.getSID().match(each))
                    .findFirst()
                    .orElseThrow(() -> new GeneralSecurityException(
                            "the time stamp does not contain the certificate that signed it"));
            stamp.validate(new JcaSimpleSignerInfoVerifierBuilder().build(signer));
            Instant at = stamp.getTimeStampInfo().getGenTime().toInstant();
            return new Stamp(at, signer.getSubject().toString(), Sha256.hex(signer.getEncoded()));
        } catch (TSPException
                | CMSException
                | IOException
                | OperatorCreationException
                | java.security.cert.CertificateException
                | RuntimeException e) {
            // For malformed bytes, Bouncy Castle throws unchecked exceptions of many kinds.
            throw new GeneralSecurityException("the time stamp is not valid: " + e.getMessage(), e);
        }
    }
}
