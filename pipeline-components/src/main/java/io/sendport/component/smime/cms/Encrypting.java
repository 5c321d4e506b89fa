package io.sendport.component.smime.cms;

import io.sendport.api.component.EncodeScope;
import io.sendport.api.mail.Entity;
import io.sendport.api.mail.MailAddress;
import io.sendport.component.smime.keys.CertificateSource;
import io.sendport.component.smime.keys.Certificates;
import io.sendport.component.smime.keys.NotNowException;
import io.sendport.component.smime.keys.SmimeException;
import io.sendport.component.smime.trust.CertificateCheck;
import java.io.IOException;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.bouncycastle.cms.CMSException;

/** Encrypts an entity for all recipients of a delivery, and for further readers that the port names (RFC 8551 sections 3.3 and 3.4). */
public final class Encrypting {

    private final ContentCipher cipher;
    private final Enveloping enveloping;
    private final boolean oaep;
    private final CertificateSource source;
    private final CertificateCheck check;
    private final Others others;
    private final boolean skipMissing;
    private final Clock clock;

    /** The certificates of readers of every mail. They are read for each message, because files may be replaced. */
    @FunctionalInterface
    public interface Others {
        List<X509Certificate> now() throws SmimeException;
    }

    /**
     * Creates an encrypter.
     *
     * @param oaep RSAES-OAEP for recipients with RSA keys; otherwise PKCS#1 v1.5
     * @param others the certificates of the sender or the archive, which can read everything
     * @param skipMissing leaves out recipients without a usable certificate, instead of sending to nobody
     */
    public Encrypting(
            ContentCipher cipher,
            boolean oaep,
            CertificateSource source,
            CertificateCheck check,
            Others others,
            boolean skipMissing,
            Clock clock) {
        this.cipher = cipher;
        this.enveloping = new Enveloping(cipher, oaep);
        this.oaep = oaep;
        this.source = source;
        this.check = check;
        this.others = others;
        this.skipMissing = skipMissing;
        this.clock = clock;
    }

    /**
     * The encrypted entity.
     *
     * @throws SmimeException with a reason for each recipient without a usable certificate
     */
    public Entity encrypt(Content content, EncodeScope scope) throws SmimeException, IOException {
        Instant now = clock.instant();
        List<X509Certificate> recipients = recipients(scope, now);
        for (X509Certificate other : others.now()) {
            Certificates.requireValid(other, now, "archive or sender's certificate");
            if (!recipients.contains(other)) {
                recipients.add(other);
            }
        }
        scope.record("smime.encryption", cipher.word() + ", " + kinds(recipients));
        scope.record(
                "smime.recipients",
                recipients.stream().map(Certificates::identify).collect(Collectors.joining(", ")));
        String kind = cipher.isAuthenticated() ? "authEnveloped-data" : "enveloped-data";
        return Pkcs7.entity(kind, scope.workspace(), out -> write(content, recipients, out));
    }

    /** A certificate for each recipient, or none at all: one exception reports all missing certificates together. */
    private List<X509Certificate> recipients(EncodeScope scope, Instant now) throws SmimeException {
        List<X509Certificate> found = new ArrayList<>();
        Map<MailAddress, String> missing = new LinkedHashMap<>();
        List<String> remarks = new ArrayList<>();
        for (MailAddress address : scope.recipients()) {
            try {
                CertificateCheck.Checked checked = check.choose(source.of(address), address, source, now);
                if (!found.contains(checked.certificate())) {
                    found.add(checked.certificate());
                }
                if (!checked.remark().isEmpty()) {
                    remarks.add(address + ": " + checked.remark());
                }
            } catch (NotNowException e) {
                // It is unknown whether there is a certificate, so nobody is left out for not having one.
                throw e;
            } catch (SmimeException e) {
                missing.put(address, String.valueOf(e.getMessage()));
            }
        }
        if (!missing.isEmpty() && !skipMissing) {
            throw new SmimeException(String.join("; ", missing.values()));
        }
        missing.forEach(scope::leaveOut);
        if (!remarks.isEmpty()) {
            scope.record("smime.revocation", String.join("; ", remarks));
        }
        return found;
    }

    private String kinds(List<X509Certificate> recipients) {
        return recipients.stream()
                .map(each -> each.getPublicKey() instanceof RSAPublicKey
                        ? (oaep ? "RSAES-OAEP" : "RSA")
                        : CertificateCheck.isX25519(each) ? "X25519" : "ECDH")
                .distinct()
                .collect(Collectors.joining("+"));
    }

    private void write(Content content, List<X509Certificate> recipients, OutputStream out) throws IOException {
        try (OutputStream encrypted = enveloping.open(recipients, out)) {
            content.writeTo(encrypted);
        } catch (CMSException | GeneralSecurityException e) {
            throw new IOException("encryption failed: " + e.getMessage(), e);
        }
    }
}
