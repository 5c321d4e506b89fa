package io.sendport.component.smime.trust;

import java.io.IOException;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;

/** Addresses in a certificate's extensions; only http and https addresses, because they come from outside. */
final class Extensions {

    private static final int MAX_COUNT = 4;

    private Extensions() {}

    /** RFC 5280 section 4.2.2.1. */
    static List<URI> ocspResponders(X509Certificate certificate) {
        byte[] extension = certificate.getExtensionValue(Extension.authorityInfoAccess.getId());
        List<URI> found = new ArrayList<>();
        if (extension != null) {
            try {
                for (AccessDescription each : AuthorityInformationAccess.getInstance(
                                JcaX509ExtensionUtils.parseExtensionValue(extension))
                        .getAccessDescriptions()) {
                    if (each.getAccessMethod().equals(AccessDescription.id_ad_ocsp)) {
                        address(each.getAccessLocation()).ifPresent(found::add);
                    }
                }
            } catch (IOException | IllegalArgumentException e) {
                return List.of();
            }
        }
        return found.subList(0, Math.min(MAX_COUNT, found.size()));
    }

    /** RFC 5280 section 4.2.1.13. */
    static List<URI> revocationLists(X509Certificate certificate) {
        byte[] extension = certificate.getExtensionValue(Extension.cRLDistributionPoints.getId());
        List<URI> found = new ArrayList<>();
        if (extension != null) {
            try {
                for (DistributionPoint point : CRLDistPoint.getInstance(
                                JcaX509ExtensionUtils.parseExtensionValue(extension))
                        .getDistributionPoints()) {
                    DistributionPointName name = point.getDistributionPoint();
                    if (name != null && name.getType() == DistributionPointName.FULL_NAME) {
                        for (GeneralName each :
                                GeneralNames.getInstance(name.getName()).getNames()) {
                            address(each).ifPresent(found::add);
                        }
                    }
                }
            } catch (IOException | IllegalArgumentException e) {
                return List.of();
            }
        }
        return found.subList(0, Math.min(MAX_COUNT, found.size()));
    }

    private static Optional<URI> address(GeneralName name) {
        if (name.getTagNo() != GeneralName.uniformResourceIdentifier) {
            return Optional.empty();
        }
        try {
            URI uri = URI.create(name.getName().toString());
            boolean web = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            return web && uri.getHost() != null ? Optional.of(uri) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
