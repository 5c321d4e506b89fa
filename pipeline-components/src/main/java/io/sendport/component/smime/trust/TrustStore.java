package io.sendport.component.smime.trust;

import io.sendport.component.smime.keys.CertificateFile;
import io.sendport.component.smime.keys.Certificates;
import io.sendport.component.smime.keys.SmimeException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The authorities that a port trusts, and the certification paths to them (RFC 5280 section 6). Self-signed certificates of the file are
 * trust anchors; the others help to build paths. A path is cached for ten minutes. Thread-safe.
 */
public final class TrustStore {

    private static final Duration KEPT = Duration.ofMinutes(10);
    private static final int MAX_KEPT = 10_000;
    private static final int MAX_PATH = 4;

    private final Path file;
    private final Set<TrustAnchor> anchors = new HashSet<>();
    private final CertStore intermediates;
    private final Map<X509Certificate, Known> known = new ConcurrentHashMap<>();

    private record Known(List<X509Certificate> chain, Instant at) {}

    public TrustStore(Path file, char[] password) throws SmimeException {
        this.file = file;
        List<X509Certificate> others = new ArrayList<>();
        for (X509Certificate each : CertificateFile.read(file, password)) {
            if (each.getSubjectX500Principal().equals(each.getIssuerX500Principal())) {
                anchors.add(new TrustAnchor(each, null));
            } else {
                others.add(each);
            }
        }
        if (anchors.isEmpty()) {
            others.forEach(each -> anchors.add(new TrustAnchor(each, null)));
        }
        try {
            intermediates = CertStore.getInstance("Collection", new CollectionCertStoreParameters(others));
        } catch (GeneralSecurityException e) {
            throw new SmimeException(file + " cannot be used as a trust store: " + e.getMessage(), e);
        }
    }

    /**
     * The path from {@code certificate} to one of the authorities, with the authority's certificate last.
     *
     * @throws SmimeException when no path is currently valid
     */
    List<X509Certificate> chain(X509Certificate certificate, Instant now) throws SmimeException {
        Known before = known.get(certificate);
        if (before != null && now.isBefore(before.at().plus(KEPT)) && !now.isBefore(before.at())) {
            return before.chain();
        }
        List<X509Certificate> chain = build(certificate, now);
        if (known.size() >= MAX_KEPT) {
            known.clear();
        }
        known.put(certificate, new Known(chain, now));
        return chain;
    }

    private List<X509Certificate> build(X509Certificate certificate, Instant now) throws SmimeException {
        try {
            X509CertSelector target = new X509CertSelector();
            target.setCertificate(certificate);
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, target);
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(now));
            // Path building cannot be interrupted, and takes seconds with many cross-certified authorities.
            parameters.setMaxPathLength(MAX_PATH);
            parameters.addCertStore(intermediates);
            parameters.addCertStore(
                    CertStore.getInstance("Collection", new CollectionCertStoreParameters(List.of(certificate))));
            PKIXCertPathBuilderResult result = (PKIXCertPathBuilderResult)
                    CertPathBuilder.getInstance("PKIX").build(parameters);
            List<X509Certificate> chain = new ArrayList<>();
            for (Certificate each : result.getCertPath().getCertificates()) {
                chain.add((X509Certificate) each);
            }
            X509Certificate anchor = result.getTrustAnchor().getTrustedCert();
            Certificates.requireValid(anchor, now, "authority");
            if (!chain.contains(anchor)) {
                chain.add(anchor);
            }
            return List.copyOf(chain);
        } catch (CertPathBuilderException e) {
            throw new SmimeException(
                    "certificate " + Certificates.describe(certificate) + " does not lead to an authority in " + file
                            + " (" + reason(certificate, now) + "); add its issuer there, or replace the certificate",
                    e);
        } catch (GeneralSecurityException e) {
            throw new SmimeException(
                    "the path of certificate " + Certificates.describe(certificate) + " cannot be built: "
                            + e.getMessage(),
                    e);
        }
    }

    /** The builder does not give a reason. The validator does, for the path that the names suggest. */
    private String reason(X509Certificate certificate, Instant now) {
        try {
            List<X509Certificate> path = new ArrayList<>(List.of(certificate));
            X509CertSelector issuers = new X509CertSelector();
            for (int i = 0; i < MAX_PATH; i++) {
                issuers.setSubject(path.get(path.size() - 1).getIssuerX500Principal());
                Optional<? extends Certificate> issuer =
                        intermediates.getCertificates(issuers).stream().findFirst();
                if (issuer.isEmpty()) {
                    break;
                }
                path.add((X509Certificate) issuer.get());
            }
            PKIXParameters parameters = new PKIXParameters(anchors);
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(now));
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
            return "unknown reason";
        } catch (GeneralSecurityException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** The authorities, for expiry warnings. */
    public List<X509Certificate> authorities() {
        return anchors.stream().map(TrustAnchor::getTrustedCert).toList();
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
