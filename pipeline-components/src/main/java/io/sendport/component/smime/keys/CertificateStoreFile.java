package io.sendport.component.smime.keys;

import io.sendport.api.mail.MailAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;

/** A PKCS#12 store of recipients' certificates; reread when it changes. Thread-safe. */
public final class CertificateStoreFile implements CertificateSource {

    private final Path file;
    private final char[] password;
    private FileTime readAt = FileTime.fromMillis(0);
    private CertificateIndex index = new CertificateIndex(List.of());

    public CertificateStoreFile(Path file, char[] password) {
        this.file = file;
        this.password = password.clone();
    }

    @Override
    public List<X509Certificate> of(MailAddress address) throws SmimeException {
        return current().of(address);
    }

    @Override
    public Collection<X509Certificate> all() throws SmimeException {
        return current().all();
    }

    private synchronized CertificateIndex current() throws SmimeException {
        try {
            FileTime now = Files.getLastModifiedTime(file);
            if (!now.equals(readAt)) {
                index = new CertificateIndex(CertificateFile.read(file, password));
                readAt = now;
            }
            return index;
        } catch (IOException e) {
            throw new NotNowException("certificates in " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
