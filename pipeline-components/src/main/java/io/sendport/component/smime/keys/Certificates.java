package io.sendport.component.smime.keys;

import io.sendport.support.Sha256;
import java.io.IOException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.OtherName;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;

/** Checks and describes certificates. */
public final class Certificates {

    private static final String EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4";
    private static final String ANY_PURPOSE = "2.5.29.37.0";
    /** RFC 9598: an address with a non-ASCII local part. */
    private static final ASN1ObjectIdentifier SMTP_UTF8_MAILBOX = new ASN1ObjectIdentifier("1.3.6.1.5.5.7.8.9");

    private static final Map<String, String> EMAIL_ATTRIBUTE = Map.of("1.2.840.113549.1.9.1", "emailAddress");

    private Certificates() {}

    public static void requireValid(X509Certificate certificate, Instant now, String what) throws SmimeException {
        if (now.isAfter(certificate.getNotAfter().toInstant())) {
            throw new SmimeException(what + " " + describe(certificate) + " expired on "
                    + certificate.getNotAfter().toInstant() + "; replace it");
        }
        if (now.isBefore(certificate.getNotBefore().toInstant())) {
            throw new SmimeException(what + " " + describe(certificate) + " is valid only from "
                    + certificate.getNotBefore().toInstant());
        }
    }

    /** An extended key usage, if present, must allow mail (RFC 8550 section 4.4.4). */
    public static void requireMailPurpose(X509Certificate certificate, String what) throws SmimeException {
        try {
            List<String> purposes = certificate.getExtendedKeyUsage();
            if (purposes != null && !purposes.contains(EMAIL_PROTECTION) && !purposes.contains(ANY_PURPOSE)) {
                throw new SmimeException(
                        what + " " + describe(certificate)
                                + " is not issued for mail (extended key usage lacks emailProtection); use another certificate");
            }
        } catch (CertificateParsingException e) {
            throw new SmimeException(what + " " + describe(certificate) + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Subject and serial number. */
    public static String describe(X509Certificate certificate) {
        return "\"" + certificate.getSubjectX500Principal().getName() + "\" (serial "
                + certificate.getSerialNumber().toString(16) + ")";
    }

    /** Serial number and fingerprint, as written to the ledger. */
    public static String identify(X509Certificate certificate) {
        return certificate.getSerialNumber().toString(16) + " " + fingerprint(certificate);
    }

    /** SHA-256 of the whole certificate, hexadecimal. */
    public static String fingerprint(X509Certificate certificate) {
        try {
            return Sha256.hex(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("fingerprint of " + describe(certificate), e);
        }
    }

    /**
     * The mail addresses of a certificate, in lower case: rfc822Name and SmtpUTF8Mailbox of the subject alternative name. Only when it has
     * neither, the addresses of the subject (RFC 8550 section 3).
     */
    public static List<String> addresses(X509Certificate certificate) {
        List<String> addresses = new ArrayList<>();
        byte[] extension = certificate.getExtensionValue(Extension.subjectAlternativeName.getId());
        if (extension != null) {
            try {
                GeneralNames names = GeneralNames.getInstance(JcaX509ExtensionUtils.parseExtensionValue(extension));
                for (GeneralName name : names.getNames()) {
                    if (name.getTagNo() == GeneralName.rfc822Name) {
                        addresses.add(name.getName().toString().toLowerCase(Locale.ROOT));
                    } else if (name.getTagNo() == GeneralName.otherName) {
                        OtherName other = OtherName.getInstance(name.getName());
                        ASN1Primitive value = other.getValue().toASN1Primitive();
                        if (other.getTypeID().equals(SMTP_UTF8_MAILBOX) && value instanceof ASN1String text) {
                            addresses.add(text.getString().toLowerCase(Locale.ROOT));
                        }
                    }
                }
            } catch (IOException | IllegalArgumentException e) {
                // Names that cannot be read match no address.
                return List.of();
            }
        }
        return addresses.isEmpty() ? subjectAddresses(certificate) : addresses;
    }

    private static Collection<String> values(X509Certificate certificate, String type) throws InvalidNameException {
        List<String> values = new ArrayList<>();
        for (Rdn rdn : new LdapName(
                        certificate.getSubjectX500Principal().getName(X500Principal.RFC2253, EMAIL_ATTRIBUTE))
                .getRdns()) {
            if (rdn.getType().equalsIgnoreCase(type)) {
                values.add(String.valueOf(rdn.getValue()).toLowerCase(Locale.ROOT));
            }
        }
        return values;
    }

    private static List<String> subjectAddresses(X509Certificate certificate) {
        try {
            return List.copyOf(values(certificate, "emailAddress"));
        } catch (InvalidNameException e) {
            return List.of();
        }
    }
}
