package io.sendport.component.smime.keys;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Reads all certificates of a PEM, DER or PKCS#12 file. */
public final class CertificateFile {

    private static final long MAX_SIZE = 64L * 1024 * 1024;

    private CertificateFile() {}

    /**
     * All certificates in {@code file}.
     *
     * @throws SmimeException when it cannot be read, or contains no certificate
     */
    public static List<X509Certificate> read(Path file, char[] password) throws SmimeException {
        List<X509Certificate> found = new ArrayList<>();
        try {
            if (Files.size(file) > MAX_SIZE) {
                throw new SmimeException(file + " has " + Files.size(file) + " bytes, expected at most " + MAX_SIZE);
            }
            if (isPkcs12(file)) {
                fromStore(file, password, found);
            } else {
                try (InputStream in = Files.newInputStream(file)) {
                    for (Certificate each :
                            CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                        found.add((X509Certificate) each);
                    }
                }
            }
        } catch (NoSuchFileException e) {
            throw new SmimeException(file + " cannot be read: the file does not exist", e);
        } catch (IOException | GeneralSecurityException e) {
            throw new SmimeException(file + " cannot be read: " + e.getMessage(), e);
        }
        if (found.isEmpty()) {
            throw new SmimeException(file + " contains no certificate");
        }
        return found;
    }

    private static boolean isPkcs12(Path file) {
        String name = file.toString().toLowerCase(java.util.Locale.ROOT);
        return name.endsWith(".p12") || name.endsWith(".pfx");
    }

    private static void fromStore(Path file, char[] password, List<X509Certificate> found)
            throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, password);
        }
        for (String alias : Collections.list(store.aliases())) {
            if (store.getCertificate(alias) instanceof X509Certificate certificate) {
                found.add(certificate);
            }
        }
    }
}
