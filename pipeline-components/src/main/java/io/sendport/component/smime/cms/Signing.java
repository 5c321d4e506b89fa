package io.sendport.component.smime.cms;

import io.sendport.api.component.EncodeScope;
import io.sendport.api.mail.Entity;
import io.sendport.api.mail.HeaderFields;
import io.sendport.api.message.Body;
import io.sendport.api.message.Workspace;
import io.sendport.component.smime.keys.Certificates;
import io.sendport.component.smime.keys.Cryptography;
import io.sendport.component.smime.keys.SigningKey;
import io.sendport.component.smime.keys.SmimeException;
import java.io.IOException;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.cms.Time;
import org.bouncycastle.asn1.smime.SMIMECapabilitiesAttribute;
import org.bouncycastle.asn1.smime.SMIMECapability;
import org.bouncycastle.asn1.smime.SMIMECapabilityVector;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedDataStreamGenerator;
import org.bouncycastle.cms.DefaultSignedAttributeTableGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/** Signs an entity (RFC 8551 section 3.5) with one key or with several parallel signatures. */
public final class Signing {

    private final Signature signature;
    private final List<SigningKey> keys;
    private final Clock clock;
    private final DigestCalculatorProvider digests;

    public Signing(Signature signature, List<SigningKey> keys, Clock clock) throws SmimeException {
        this.signature = signature;
        this.keys = List.copyOf(keys);
        this.clock = clock;
        try {
            digests = new JcaDigestCalculatorProviderBuilder()
                    .setProvider(Cryptography.fastest("MessageDigest", "SHA-256"))
                    .build();
        } catch (OperatorCreationException e) {
            throw new SmimeException("cannot create digests: " + e.getMessage(), e);
        }
    }

    /**
     * The signed entity.
     *
     * @param transferEncoding the transfer encoding of {@code content}
     * @throws SmimeException when a key must not sign now, or the content cannot be signed in clear
     */
    public Entity sign(Content content, String transferEncoding, EncodeScope scope) throws SmimeException, IOException {
        Instant now = clock.instant();
        List<SigningKey.PreparedSigner> signers = new ArrayList<>();
        for (SigningKey key : keys) {
            signers.add(key.prepare(now));
        }
        record(signers, scope);
        Workspace workspace = scope.workspace();
        if (signature == Signature.OPAQUE) {
            return Pkcs7.entity("signed-data", workspace, out -> write(content, signers, now, out, true));
        }
        if (transferEncoding.equalsIgnoreCase("8bit") || transferEncoding.equalsIgnoreCase("binary")) {
            throw new SmimeException(
                    "a clear signature needs 7-bit content (RFC 8551 section 3.1.3), but this content has the encoding "
                            + transferEncoding
                            + ". Set contentTransferEncoding=\"base64\" on <mime>, or signature=\"opaque\" on <smime>,"
                            + " then reload and resume the message");
        }
        return clear(content, signers, now, workspace);
    }

    private Entity clear(Content content, List<SigningKey.PreparedSigner> signers, Instant now, Workspace workspace)
            throws IOException {
        Entity signed = Pkcs7.part("signature", "p7s", workspace, out -> write(content, signers, now, out, false));
        String boundary = "=_s" + UUID.randomUUID().toString().replace("-", "");
        Body body = workspace.write(out -> {
            Pkcs7.write(out, "--" + boundary + "\r\n");
            content.writeTo(out);
            Pkcs7.write(out, "\r\n--" + boundary + "\r\n");
            signed.writeTo(out);
            Pkcs7.write(out, "--" + boundary + "--\r\n");
        });
        String micalg =
                signers.stream().map(each -> each.digest().micalg()).distinct().collect(Collectors.joining(","));
        return new Entity(
                HeaderFields.none()
                        .plus(
                                "Content-Type",
                                "multipart/signed; protocol=\"application/pkcs7-signature\"; micalg="
                                        + (micalg.contains(",") ? "\"" + micalg + "\"" : micalg) + "; boundary=\""
                                        + boundary + "\""),
                body);
    }

    private void write(
            Content content,
            List<SigningKey.PreparedSigner> signers,
            Instant now,
            OutputStream out,
            boolean encapsulate)
            throws IOException {
        try {
            CMSSignedDataStreamGenerator generator = new CMSSignedDataStreamGenerator();
            Set<X509Certificate> certificates = new LinkedHashSet<>();
            for (SigningKey.PreparedSigner each : signers) {
                generator.addSignerInfoGenerator(new JcaSignerInfoGeneratorBuilder(digests)
                        .setSignedAttributeGenerator(new DefaultSignedAttributeTableGenerator(attributes(now)))
                        .build(each.signer(), each.certificate()));
                certificates.addAll(each.included());
            }
            generator.addCertificates(new JcaCertStore(certificates));
            try (OutputStream signed = generator.open(out, encapsulate)) {
                content.writeTo(signed);
            }
        } catch (CMSException | OperatorCreationException | GeneralSecurityException e) {
            throw new IOException("signing failed: " + e.getMessage(), e);
        }
    }

    /** Signing time, and the algorithms that Sendport can read, best first (RFC 8551 sections 2.5.1 and 2.5.2). */
    private static AttributeTable attributes(Instant now) {
        SMIMECapabilityVector capabilities = new SMIMECapabilityVector();
        capabilities.addCapability(org.bouncycastle.asn1.nist.NISTObjectIdentifiers.id_aes256_GCM);
        capabilities.addCapability(SMIMECapability.aES256_CBC);
        capabilities.addCapability(SMIMECapability.aES128_CBC);
        ASN1EncodableVector attributes = new ASN1EncodableVector();
        attributes.add(new Attribute(CMSAttributes.signingTime, new DERSet(new Time(Date.from(now)))));
        attributes.add(new SMIMECapabilitiesAttribute(capabilities));
        return new AttributeTable(attributes);
    }

    private void record(List<SigningKey.PreparedSigner> signers, EncodeScope scope) {
        scope.record(
                "smime.signature",
                signature.name().toLowerCase(Locale.ROOT) + " "
                        + signers.stream()
                                .map(SigningKey.PreparedSigner::algorithm)
                                .collect(Collectors.joining(", ")));
        scope.record(
                "smime.signer",
                signers.stream()
                        .map(each -> Certificates.identify(each.certificate()))
                        .collect(Collectors.joining(", ")));
    }
}
