package io.sendport.component.smime;

import io.sendport.api.component.EncodeScope;
import io.sendport.api.component.Encoder;
import io.sendport.api.mail.Entity;
import io.sendport.api.mail.HeaderFields;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.message.Body;
import io.sendport.api.message.Workspace;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSAlgorithm;
import org.bouncycastle.cms.CMSEnvelopedDataStreamGenerator;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedDataStreamGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.cms.jcajce.JceCMSContentEncryptorBuilder;
import org.bouncycastle.cms.jcajce.JceKeyTransRecipientInfoGenerator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.jspecify.annotations.Nullable;

/** {@code <smime>}: RSA with SHA-256, AES-256-CBC; first the signature, then the encryption around it. */
final class SmimeEncoder implements Encoder {

    private static final byte[] CRLF = {'\r', '\n'};

    private final Signature signature;
    private final Optional<SigningKey> key;
    private final Optional<CertificateFolder> certificates;
    private final Clock clock;

    SmimeEncoder(Signature signature, Optional<SigningKey> key, Optional<CertificateFolder> certificates, Clock clock) {
        this.signature = signature;
        this.key = key;
        this.certificates = certificates;
        this.clock = clock;
    }

    @Override
    public boolean namesRecipients() {
        return certificates.isPresent();
    }

    @Override
    public Entity encode(Entity entity, EncodeScope scope) throws Exception {
        if (key.isEmpty() && certificates.isEmpty()) {
            throw new SmimeException("the component would neither sign nor encrypt, so nothing is sent");
        }
        Entity encoded = entity;
        if (key.isPresent()) {
            encoded = sign(encoded, key.get(), scope);
        }
        if (certificates.isPresent()) {
            encoded = encrypt(encoded, certificates.get(), scope);
        }
        return encoded;
    }

    private Entity sign(Entity entity, SigningKey signer, EncodeScope scope) throws Exception {
        signer.requireUsable(clock.instant());
        scope.record("smime.signature", signature.name().toLowerCase(java.util.Locale.ROOT) + " RSA SHA-256");
        scope.record("smime.signer", Certificates.fingerprint(signer.certificate()));
        Workspace workspace = scope.workspace();
        if (signature == Signature.OPAQUE) {
            Body body = base64(workspace, out -> writeSigned(entity, signer, out, true));
            return new Entity(pkcs7("signed-data"), body);
        }
        String encoding = entity.header().first("Content-Transfer-Encoding").orElse("7bit");
        if (encoding.equalsIgnoreCase("8bit") || encoding.equalsIgnoreCase("binary")) {
            throw new SmimeException("a clear signature takes 7-bit content only (RFC 8551 section 3.1.3), this has "
                    + encoding + "; use contentTransferEncoding=\"base64\" or signature=\"opaque\"");
        }
        Body signed = base64(workspace, out -> writeSigned(entity, signer, out, false));
        String boundary = "=_s" + UUID.randomUUID().toString().replace("-", "");
        Body body = workspace.write(out -> {
            write(out, "--" + boundary + "\r\n");
            entity.writeTo(out);
            write(out, "\r\n--" + boundary + "\r\n");
            new Entity(
                            HeaderFields.none()
                                    .plus("Content-Type", "application/pkcs7-signature; name=\"smime.p7s\"")
                                    .plus("Content-Transfer-Encoding", "base64")
                                    .plus("Content-Disposition", "attachment; filename=\"smime.p7s\""),
                            signed)
                    .writeTo(out);
            write(out, "--" + boundary + "--\r\n");
        });
        return new Entity(
                HeaderFields.none()
                        .plus(
                                "Content-Type",
                                "multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256; boundary=\""
                                        + boundary + "\""),
                body);
    }

    private static void writeSigned(Entity entity, SigningKey signer, OutputStream out, boolean encapsulate)
            throws IOException {
        try {
            CMSSignedDataStreamGenerator generator = new CMSSignedDataStreamGenerator();
            generator.addSignerInfoGenerator(new JcaSignerInfoGeneratorBuilder(
                            new JcaDigestCalculatorProviderBuilder().build())
                    .build(new JcaContentSignerBuilder("SHA256withRSA").build(signer.key()), signer.certificate()));
            generator.addCertificates(new JcaCertStore(signer.included()));
            try (OutputStream content = generator.open(out, encapsulate)) {
                entity.writeTo(content);
            }
        } catch (CMSException | OperatorCreationException | GeneralSecurityException e) {
            throw new IOException("signing with " + signer + " failed: " + e.getMessage(), e);
        }
    }

    private Entity encrypt(Entity entity, CertificateFolder folder, EncodeScope scope) throws Exception {
        List<X509Certificate> recipients = recipients(folder, scope);
        scope.record("smime.encryption", "AES-256-CBC, RSA");
        List<String> prints = recipients.stream().map(Certificates::fingerprint).toList();
        scope.record("smime.recipients", String.join(" ", prints));
        Body body = base64(scope.workspace(), out -> writeEncrypted(entity, recipients, out));
        return new Entity(pkcs7("enveloped-data"), body);
    }

    /** A certificate for everyone, or nothing at all: all that is missing is told at once. */
    private List<X509Certificate> recipients(CertificateFolder folder, EncodeScope scope) throws SmimeException {
        List<X509Certificate> found = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (MailAddress address : scope.recipients()) {
            try {
                found.add(folder.of(address, clock.instant()));
            } catch (SmimeException e) {
                missing.add(String.valueOf(e.getMessage()));
            }
        }
        if (!missing.isEmpty()) {
            throw new SmimeException(String.join("; ", missing));
        }
        return found;
    }

    private static void writeEncrypted(Entity entity, List<X509Certificate> recipients, OutputStream out)
            throws IOException {
        try {
            CMSEnvelopedDataStreamGenerator generator = new CMSEnvelopedDataStreamGenerator();
            for (X509Certificate certificate : recipients) {
                generator.addRecipientInfoGenerator(new JceKeyTransRecipientInfoGenerator(certificate));
            }
            ASN1ObjectIdentifier algorithm = CMSAlgorithm.AES256_CBC;
            try (OutputStream content = generator.open(
                    PKCSObjectIdentifiers.data, out, new JceCMSContentEncryptorBuilder(algorithm).build())) {
                entity.writeTo(content);
            }
        } catch (CMSException | GeneralSecurityException e) {
            throw new IOException("encryption failed: " + e.getMessage(), e);
        }
    }

    private static HeaderFields pkcs7(String type) {
        return HeaderFields.none()
                .plus("Content-Type", "application/pkcs7-mime; smime-type=" + type + "; name=\"smime.p7m\"")
                .plus("Content-Transfer-Encoding", "base64")
                .plus("Content-Disposition", "attachment; filename=\"smime.p7m\"");
    }

    private static Body base64(Workspace workspace, Workspace.Writer writer) throws IOException {
        return workspace.write(out -> {
            try (OutputStream encoder = Base64.getMimeEncoder(76, CRLF).wrap(new Shield(out))) {
                writer.writeTo(encoder);
            }
            out.write(CRLF);
        });
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Keeps what encloses it open. */
    private static final class Shield extends FilterOutputStream {
        Shield(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte @Nullable [] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() {
            // The enclosing writer goes on.
        }
    }
}
