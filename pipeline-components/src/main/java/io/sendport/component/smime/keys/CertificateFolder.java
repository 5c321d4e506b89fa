package io.sendport.component.smime.keys;

import io.sendport.api.mail.MailAddress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A folder of recipients' certificates, PEM or DER. An added or removed file is noticed at the next message, a changed file within five
 * seconds. Thread-safe.
 */
public final class CertificateFolder implements CertificateSource {

    private static final int MAX_FILES = 100_000;
    private static final long MAX_BYTES = 1_000_000;
    private static final long LISTED_FOR_NANOS = 5_000_000_000L;

    private final Path folder;
    private FileTime changedAt = FileTime.fromMillis(0);
    private long listedAt;
    private String fingerprint = "";
    private CertificateIndex index = new CertificateIndex(List.of());

    public CertificateFolder(Path folder) {
        this.folder = folder;
    }

    @Override
    public List<X509Certificate> of(MailAddress address) throws SmimeException {
        List<X509Certificate> found = current(false).of(address);
        return found.isEmpty() ? current(true).of(address) : found;
    }

    @Override
    public Collection<X509Certificate> all() throws SmimeException {
        return current(false).all();
    }

    private synchronized CertificateIndex current(boolean atOnce) throws SmimeException {
        try {
            FileTime now = Files.getLastModifiedTime(folder);
            if (atOnce || !now.equals(changedAt) || System.nanoTime() - listedAt > LISTED_FOR_NANOS) {
                refresh();
                changedAt = now;
                listedAt = System.nanoTime();
            }
            return index;
        } catch (IOException e) {
            throw new NotNowException("certificates in " + folder + " cannot be read: " + e.getMessage(), e);
        }
    }

    private void refresh() throws IOException {
        Map<Path, BasicFileAttributes> files = files();
        StringBuilder print = new StringBuilder();
        files.forEach((file, attributes) -> print.append(file.getFileName())
                .append('/')
                .append(attributes.size())
                .append('/')
                .append(attributes.lastModifiedTime().toMillis())
                .append('\n'));
        if (!print.toString().equals(fingerprint)) {
            index = load(files.keySet());
            fingerprint = print.toString();
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

    private static CertificateIndex load(Collection<Path> files) throws IOException {
        List<X509Certificate> found = new ArrayList<>();
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                for (Certificate certificate :
                        CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                    found.add((X509Certificate) certificate);
                }
            } catch (CertificateException e) {
                // Not a certificate: keys and notes may be in the same folder, and they are ignored.
            }
        }
        return new CertificateIndex(found);
    }

    @Override
    public String toString() {
        return folder.toString();
    }
}
