package io.sendport.component.smime.keys;

import io.sendport.api.mail.MailAddress;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Certificates by the addresses that they are issued for. Immutable once built. */
public final class CertificateIndex {

    private final Map<String, List<X509Certificate>> byAddress = new HashMap<>();
    private final Set<X509Certificate> all = new LinkedHashSet<>();

    CertificateIndex(Collection<X509Certificate> certificates) {
        for (X509Certificate certificate : certificates) {
            if (all.add(certificate)) {
                for (String address : Certificates.addresses(certificate)) {
                    byAddress.computeIfAbsent(address, key -> new ArrayList<>()).add(certificate);
                }
            }
        }
        byAddress.values().forEach(list -> list.sort(longestFirst()));
    }

    static Comparator<X509Certificate> longestFirst() {
        return Comparator.comparing((X509Certificate each) -> each.getNotAfter().toInstant())
                .reversed();
    }

    /** An address in the form used for lookup: domain in ASCII, all lower case. */
    public static String key(MailAddress address) {
        return address.withAsciiDomain().toString().toLowerCase(Locale.ROOT);
    }

    List<X509Certificate> of(MailAddress address) {
        List<X509Certificate> found = byAddress.get(key(address));
        if (found == null) {
            // A SmtpUTF8Mailbox contains the domain in Unicode form (RFC 9598).
            found = byAddress.get(address.toString().toLowerCase(Locale.ROOT));
        }
        return found == null ? List.of() : found;
    }

    Collection<X509Certificate> all() {
        return all;
    }
}
