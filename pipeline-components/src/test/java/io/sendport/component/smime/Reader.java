package io.sendport.component.smime;

import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimePart;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.Provider;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSAuthEnvelopedData;
import org.bouncycastle.cms.CMSCompressedData;
import org.bouncycastle.cms.CMSEnvelopedData;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.KeyTransRecipientInformation;
import org.bouncycastle.cms.Recipient;
import org.bouncycastle.cms.RecipientInformation;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.cms.jcajce.JceKeyAgreeAuthEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyAgreeEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyTransAuthEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyTransEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.ZlibExpanderProvider;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** Opens a mail with Jakarta Mail's parser and Bouncy Castle's non-streaming reader, layer by layer. */
final class Reader {

    private static final Provider PROVIDER = new BouncyCastleProvider();

    /** The layers from the outside in, such as {@code enveloped-data}. */
    final List<String> layers = new ArrayList<>();

    final List<X509CertificateHolder> signers = new ArrayList<>();

    /** The innermost entity, header and body. */
    byte[] content = new byte[0];

    private Reader() {}

    /** Opens {@code mail} with any of the keys; throws when a layer can't be opened or a signature does not hold. */
    static Reader open(byte[] mail, PrivateKey... keys) throws Exception {
        Reader reader = new Reader();
        byte[] entity = mail;
        while (true) {
            MimeMessage part = new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(entity));
            String type = part.getContentType().toLowerCase(Locale.ROOT);
            if (type.startsWith("multipart/signed")) {
                reader.layers.add("multipart/signed");
                byte[] signed = firstPart(entity, part);
                reader.verify(new CMSSignedData(new CMSProcessableByteArray(signed), signature(part)));
                entity = signed;
            } else if (type.startsWith("application/pkcs7-mime")) {
                String kind = new jakarta.mail.internet.ContentType(part.getContentType()).getParameter("smime-type");
                reader.layers.add(kind);
                byte[] cms = part.getInputStream().readAllBytes();
                entity = switch (kind) {
                    case "signed-data" -> reader.opaque(new CMSSignedData(cms));
                    case "compressed-data" -> new CMSCompressedData(cms).getContent(new ZlibExpanderProvider());
                    case "enveloped-data" ->
                        decrypted(new CMSEnvelopedData(cms).getRecipientInfos().getRecipients(), false, keys);
                    case "authEnveloped-data" ->
                        decrypted(
                                new CMSAuthEnvelopedData(cms)
                                        .getRecipientInfos()
                                        .getRecipients(),
                                true,
                                keys);
                    default -> throw new IOException("smime-type " + kind);
                };
            } else {
                reader.content = entity;
                return reader;
            }
        }
    }

    private byte[] opaque(CMSSignedData signed) throws Exception {
        verify(signed);
        return (byte[]) signed.getSignedContent().getContent();
    }

    private void verify(CMSSignedData signed) throws Exception {
        for (SignerInformation signer : signed.getSignerInfos().getSigners()) {
            X509CertificateHolder certificate = signed.getCertificates().getMatches(null).stream()
                    .filter(each -> signer.getSID().match(each))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no certificate of the signer"));
            if (!signer.verify(new JcaSimpleSignerInfoVerifierBuilder()
                    .setProvider(PROVIDER)
                    .build(certificate))) {
                throw new IOException("the signature does not hold");
            }
            if (signer.getSignedAttributes().get(CMSAttributes.signingTime) == null) {
                throw new IOException("no signing time");
            }
            signers.add(certificate);
        }
    }

    private static byte[] decrypted(Collection<RecipientInformation> recipients, boolean gcm, PrivateKey... keys)
            throws Exception {
        CMSException last = new CMSException("no recipient");
        for (PrivateKey key : keys) {
            for (RecipientInformation recipient : recipients) {
                boolean transport = recipient instanceof KeyTransRecipientInformation;
                if (transport != key.getAlgorithm().equals("RSA")) {
                    continue;
                }
                try {
                    return recipient.getContent(recipient(key, transport, gcm));
                } catch (CMSException | RuntimeException e) {
                    last = new CMSException(
                            "can't be opened", e instanceof CMSException c ? c : new RuntimeException(e));
                }
            }
        }
        throw last;
    }

    private static Recipient recipient(PrivateKey key, boolean transport, boolean gcm) {
        if (transport) {
            return gcm
                    ? new JceKeyTransAuthEnvelopedRecipient(key).setProvider(PROVIDER)
                    : new JceKeyTransEnvelopedRecipient(key).setProvider(PROVIDER);
        }
        return gcm
                ? new JceKeyAgreeAuthEnvelopedRecipient(key).setProvider(PROVIDER)
                : new JceKeyAgreeEnvelopedRecipient(key).setProvider(PROVIDER);
    }

    private static byte[] signature(MimePart part) throws Exception {
        jakarta.mail.Multipart multipart = (jakarta.mail.Multipart) part.getContent();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        multipart.getBodyPart(1).getInputStream().transferTo(out);
        return out.toByteArray();
    }

    /** The bytes between the first two delimiters: a parser that makes objects would not give them back as they were. */
    private static byte[] firstPart(byte[] entity, MimePart part) throws Exception {
        String boundary = new jakarta.mail.internet.ContentType(part.getContentType()).getParameter("boundary");
        String text = new String(entity, StandardCharsets.ISO_8859_1);
        int start = text.indexOf("\r\n--" + boundary + "\r\n") + boundary.length() + 6;
        return text.substring(start, text.indexOf("\r\n--" + boundary + "\r\n", start))
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
