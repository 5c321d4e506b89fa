package io.sendport.component.smime.trust;

import io.sendport.component.smime.keys.Certificates;
import io.sendport.component.smime.keys.Cryptography;
import io.sendport.component.smime.trust.Revocation.Answer;
import io.sendport.component.smime.trust.Revocation.Status;
import io.sendport.support.BoundedHttp;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpRequest;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReqBuilder;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.bouncycastle.operator.ContentVerifierProvider;
import org.bouncycastle.operator.DefaultSignatureNameFinder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/**
 * Queries OCSP responders (RFC 6960). An answer is cached as long as it is valid, at most one hour; a missing answer for five minutes.
 * Thread-safe.
 */
public final class OcspClient {

    private static final Duration KEPT = Duration.ofHours(1);
    private static final Duration SILENT = Duration.ofMinutes(5);
    private static final Duration SKEW = Duration.ofMinutes(5);
    private static final long MAX_BYTES = 64 * 1024;
    private static final int MAX_KEPT = 10_000;

    private final BoundedHttp http;
    private final Map<Question, Known> known = new ConcurrentHashMap<>();
    private final Map<URI, Known> silent = new ConcurrentHashMap<>();

    /** The responder gave no answer at all. */
    private static final class SilentException extends IOException {
        private static final long serialVersionUID = 1L;

        SilentException(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    private record Question(URI responder, String issuer, BigInteger serial) {}

    private record Known(Answer answer, Instant until) {}

    public OcspClient(BoundedHttp http) {
        this.http = http;
    }

    Answer ask(URI responder, X509Certificate certificate, X509Certificate issuer, Instant now) {
        Question question = new Question(responder, Certificates.fingerprint(issuer), certificate.getSerialNumber());
        Known before = known.get(question);
        if (before != null && now.isBefore(before.until())) {
            return before.answer();
        }
        Known silence = silent.get(responder);
        if (silence != null && now.isBefore(silence.until())) {
            return silence.answer();
        }
        if (known.size() >= MAX_KEPT) {
            known.clear();
        }
        try {
            Known answer = query(responder, certificate, issuer, now);
            known.put(question, answer);
            silent.remove(responder);
            return answer.answer();
        } catch (SilentException e) {
            Answer answer = new Answer(Status.UNKNOWN, "responder " + responder + ": " + e.getMessage());
            silent.put(responder, new Known(answer, now.plus(SILENT)));
            return answer;
        } catch (IOException
                | OCSPException
                | OperatorCreationException
                | GeneralSecurityException
                | RuntimeException e) {
            // The responder answers, though not usefully. Other responders are queried anyway.
            Answer answer = new Answer(Status.UNKNOWN, "responder " + responder + ": " + e.getMessage());
            known.put(question, new Known(answer, now.plus(SILENT)));
            return answer;
        }
    }

    private Known query(URI responder, X509Certificate certificate, X509Certificate issuer, Instant now)
            throws IOException, OCSPException, OperatorCreationException, GeneralSecurityException {
        CertificateID id = new CertificateID(
                new JcaDigestCalculatorProviderBuilder().build().get(CertificateID.HASH_SHA1),
                new JcaX509CertificateHolder(issuer),
                certificate.getSerialNumber());
        byte[] request = new OCSPReqBuilder().addRequest(id).build().getEncoded();
        byte[] bytes;
        try {
            bytes = http.fetch(
                    HttpRequest.newBuilder(responder)
                            .header("Content-Type", "application/ocsp-request")
                            .POST(HttpRequest.BodyPublishers.ofByteArray(request))
                            .build(),
                    MAX_BYTES);
        } catch (IOException e) {
            throw new SilentException(e);
        }
        OCSPResp response = new OCSPResp(bytes);
        if (response.getStatus() != OCSPResp.SUCCESSFUL
                || !(response.getResponseObject() instanceof BasicOCSPResp basic)) {
            throw new IOException("answered with status " + response.getStatus());
        }
        requireSigned(basic, issuer, now);
        for (SingleResp single : basic.getResponses()) {
            if (single.getCertID()
                            .matchesIssuer(
                                    new JcaX509CertificateHolder(issuer),
                                    new JcaDigestCalculatorProviderBuilder().build())
                    && single.getCertID().getSerialNumber().equals(certificate.getSerialNumber())) {
                return parsed(responder, single, now);
            }
        }
        throw new IOException("answered about another certificate");
    }

    private static Known parsed(URI responder, SingleResp single, Instant now) throws IOException {
        Instant made = single.getThisUpdate().toInstant();
        Instant next = single.getNextUpdate() == null
                ? made.plus(KEPT)
                : single.getNextUpdate().toInstant();
        if (made.isAfter(now.plus(SKEW)) || now.isAfter(next.plus(SKEW))) {
            throw new IOException("gave an answer that is not currently valid");
        }
        CertificateStatus status = single.getCertStatus();
        Answer answer;
        if (status == CertificateStatus.GOOD) {
            answer = new Answer(Status.GOOD, "responder " + responder);
        } else if (status instanceof RevokedStatus revoked) {
            answer = new Answer(
                    Status.REVOKED,
                    "responder " + responder + ", since "
                            + revoked.getRevocationTime().toInstant());
        } else {
            answer = new Answer(Status.UNKNOWN, "responder " + responder + " does not know the certificate");
        }
        Instant until = next.isBefore(now.plus(KEPT)) ? next : now.plus(KEPT);
        return new Known(answer, until);
    }

    /** Signed by the issuer itself, or by a responder that the issuer authorized (RFC 6960 section 4.2.2.2). */
    private static void requireSigned(BasicOCSPResp response, X509Certificate issuer, Instant now)
            throws IOException, OCSPException, OperatorCreationException, GeneralSecurityException {
        String algorithm = new DefaultSignatureNameFinder().getAlgorithmName(response.getSignatureAlgorithmID());
        if (algorithm.startsWith("SHA1") || algorithm.startsWith("MD")) {
            throw new IOException("gave an answer signed with " + algorithm + ", which can be forged");
        }
        JcaContentVerifierProviderBuilder verifiers =
                new JcaContentVerifierProviderBuilder().setProvider(Cryptography.complete());
        if (isSignedBy(response, verifiers.build(issuer.getPublicKey()))) {
            return;
        }
        ContentVerifierProvider byIssuer = verifiers.build(issuer.getPublicKey());
        for (X509CertificateHolder delegate : response.getCerts()) {
            ExtendedKeyUsage usage = ExtendedKeyUsage.fromExtensions(delegate.getExtensions());
            if (usage != null
                    && usage.hasKeyPurposeId(KeyPurposeId.id_kp_OCSPSigning)
                    && delegate.isValidOn(java.util.Date.from(now))
                    && isIssuedBy(delegate, byIssuer)
                    && isSignedBy(response, verifiers.build(delegate))) {
                return;
            }
        }
        throw new IOException("gave an answer that is not signed by the issuer or by a responder authorized by it");
    }

    /** A key of another kind did not sign. */
    private static boolean isSignedBy(BasicOCSPResp response, ContentVerifierProvider signer) {
        try {
            return response.isSignatureValid(signer);
        } catch (OCSPException e) {
            return false;
        }
    }

    private static boolean isIssuedBy(X509CertificateHolder delegate, ContentVerifierProvider issuer)
            throws IOException {
        try {
            return delegate.isSignatureValid(issuer);
        } catch (org.bouncycastle.cert.CertException e) {
            return false;
        }
    }
}
