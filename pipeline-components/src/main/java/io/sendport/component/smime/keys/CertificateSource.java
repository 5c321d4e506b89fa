package io.sendport.component.smime.keys;

import io.sendport.api.mail.MailAddress;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;

/** A source of recipients' certificates. Thread-safe. */
public interface CertificateSource {

    /**
     * The certificates for {@code address}, the one with the latest expiry first; empty when there is none.
     *
     * @throws SmimeException when the source cannot be queried, with the reason
     */
    List<X509Certificate> of(MailAddress address) throws SmimeException;

    /** All certificates, for expiry warnings; none when the source cannot list them. */
    Collection<X509Certificate> all() throws SmimeException;

    /** Describes the source, so that people know where to put a missing certificate. */
    @Override
    String toString();
}
