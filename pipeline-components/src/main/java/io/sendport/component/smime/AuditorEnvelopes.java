package io.sendport.component.smime;

import io.sendport.api.audit.AuditorEncryption;
import io.sendport.component.smime.cms.ContentCipher;
import io.sendport.component.smime.cms.Enveloping;
import io.sendport.component.smime.keys.CertificateFile;
import io.sendport.component.smime.keys.Certificates;
import io.sendport.component.smime.keys.SmimeException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import org.bouncycastle.cms.CMSException;

/** Encrypts as AuthEnvelopedData with AES-256-GCM (RFC 5084), and OAEP for RSA keys. {@code openssl cms -decrypt} can read it. */
public final class AuditorEnvelopes implements AuditorEncryption {

    private final Enveloping enveloping = new Enveloping(ContentCipher.AES256_GCM, true);
    private final Clock clock = Clock.systemUTC();

    @Override
    public Envelope to(Path certificate) throws IOException {
        // Read for each copy, because the file may be replaced.
        Envelope envelope = out -> open(certificate, out);
        try (OutputStream probe = envelope.open(OutputStream.nullOutputStream())) {
            probe.write(0);
        }
        return envelope;
    }

    private OutputStream open(Path certificate, OutputStream out) throws IOException {
        try {
            X509Certificate auditor =
                    CertificateFile.read(certificate, new char[0]).get(0);
            Certificates.requireValid(auditor, clock.instant(), "auditor's certificate");
            return enveloping.open(List.of(auditor), out);
        } catch (SmimeException e) {
            throw new IOException(e.getMessage(), e);
        } catch (CMSException | GeneralSecurityException e) {
            throw new IOException("cannot encrypt for certificate " + certificate + ": " + e.getMessage(), e);
        }
    }
}
