package io.sendport.component.smime;

import io.sendport.api.mail.MailAddress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * A folder of recipients' certificates, PEM or DER, chosen by address: the subject alternative name first, then the subject's
 * e-mail. A file that comes, goes or changes is noticed at the next message. Safe for use by several threads.
 */
final class CertificateFolder {

    private static final int MAX_FILES = 100_000;
    private static final long MAX_BYTES = 1_000_000;
    private static final int RFC822_NAME = 1;

    private final Path folder;
    private String fingerprint = "";
    private Map<String, List<X509Certificate>> byAddress = Map.of();

    CertificateFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * The certificate to encrypt to for {@code address}.
     *
     * @throws SmimeException when there is none that may be used now, with the reason and what to do
     */
    X509Certificate of(MailAddress address, Instant now) throws SmimeException {
        String key = address.withAsciiDomain().toString().toLowerCase(Locale.ROOT);
        List<X509Certificate> found = current().getOrDefault(key, List.of());
        if (found.isEmpty()) {
            throw new SmimeException(
                    "no certificate for " + address + " in " + folder + "; put one there and resume the message");
        }
        List<String> faults = new ArrayList<>();
        for (X509Certificate certificate : found) {
            try {
                requireUsable(certificate, now);
                return certificate;
            } catch (SmimeException e) {
                faults.add(String.valueOf(e.getMessage()));
            }
        }
        throw new SmimeException("no usable certificate for " + address + ": " + String.join("; ", faults));
    }

    private static void requireUsable(X509Certificate certificate, Instant now) throws SmimeException {
        Certificates.requireValid(certificate, now, "certificate");
        boolean[] usage = certificate.getKeyUsage();
        if (usage != null && !usage[2]) {
            throw new SmimeException("certificate " + Certificates.describe(certificate)
                    + " is not made for encryption (key usage lacks keyEncipherment)");
        }
        if (!(certificate.getPublicKey() instanceof java.security.interfaces.RSAPublicKey key)) {
            throw new SmimeException("certificate " + Certificates.describe(certificate) + " has a "
                    + certificate.getPublicKey().getAlgorithm() + " key; only RSA is done in this version");
        }
        if (key.getModulus().bitLength() < 2048) {
            throw new SmimeException("certificate " + Certificates.describe(certificate) + " has an RSA key of "
                    + key.getModulus().bitLength() + " bits, expected 2048 or more");
        }
    }

    private synchronized Map<String, List<X509Certificate>> current() throws SmimeException {
        try {
            Map<Path, BasicFileAttributes> files = files();
            StringBuilder print = new StringBuilder();
            files.forEach((file, attributes) -> print.append(file.getFileName())
                    .append('/')
                    .append(attributes.size())
                    .append('/')
                    .append(attributes.lastModifiedTime().toMillis())
                    .append('\n'));
            if (!print.toString().equals(fingerprint)) {
                byAddress = load(files.keySet());
                fingerprint = print.toString();
            }
            return byAddress;
        } catch (IOException e) {
            throw new SmimeException("certificates in " + folder + " can't be read: " + e.getMessage(), e);
        }
    }

    private Map<Path, BasicFileAttributes> files() throws IOException {
        Map<Path, BasicFileAttributes> files = new TreeMap<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                BasicFileAttributes attributes = Files.readAttributes(entry, BasicFileAttributes.class);
                if (attributes.isRegularFile() && attributes.size() <= MAX_BYTES && files.size() < MAX_FILES) {
                    files.put(entry, attributes);
                }
            }
        }
        return files;
    }

    private static Map<String, List<X509Certificate>> load(Collection<Path> files) throws IOException {
        Map<String, List<X509Certificate>> found = new HashMap<>();
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                for (Certificate certificate :
                        CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                    X509Certificate x509 = (X509Certificate) certificate;
                    for (String address : addresses(x509)) {
                        found.computeIfAbsent(address, key -> new ArrayList<>()).add(x509);
                    }
                }
            } catch (CertificateException e) {
                // Not a certificate: keys and notes may lie beside them, and nothing is encrypted to what is no
                // certificate.
            }
        }
        found.values()
                .forEach(list -> list.sort(Comparator.comparing(
                                (X509Certificate each) -> each.getNotAfter().toInstant())
                        .reversed()));
        return found;
    }

    private static List<String> addresses(X509Certificate certificate) throws CertificateParsingException {
        List<String> addresses = new ArrayList<>();
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        if (names != null) {
            for (List<?> name : names) {
                if (Integer.valueOf(RFC822_NAME).equals(name.get(0))) {
                    addresses.add(String.valueOf(name.get(1)).toLowerCase(Locale.ROOT));
                }
            }
        }
        return addresses.isEmpty() ? subjectAddresses(certificate) : addresses;
    }

    private static List<String> subjectAddresses(X509Certificate certificate) {
        String subject = certificate
                .getSubjectX500Principal()
                .getName(
                        javax.security.auth.x500.X500Principal.RFC2253, Map.of("1.2.840.113549.1.9.1", "emailAddress"));
        try {
            List<String> addresses = new ArrayList<>();
            for (Rdn rdn : new LdapName(subject).getRdns()) {
                if (rdn.getType().equalsIgnoreCase("emailAddress")) {
                    addresses.add(String.valueOf(rdn.getValue()).toLowerCase(Locale.ROOT));
                }
            }
            return addresses;
        } catch (InvalidNameException e) {
            return List.of();
        }
    }
}
