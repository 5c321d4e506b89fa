package io.sendport.component.smime.keys;

import io.sendport.api.mail.MailAddress;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;

/** Where recipients' certificates come from. Thread-safe. */
public interface CertificateSource {

    /**
     * The certificates that stand for {@code address}, the one that is valid longest first; none when there is none.
     *
     * @throws SmimeException when the source cannot be asked, with the reason
     */
    List<X509Certificate> of(MailAddress address) throws SmimeException;

    /** All certificates, for the look ahead at expiry; none where the source cannot list them. */
    Collection<X509Certificate> all() throws SmimeException;

    /** For people: where to put a certificate that is missing. */
    @Override
    String toString();
}
