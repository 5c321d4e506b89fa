package io.sendport.component.smime.cms;

import io.sendport.component.smime.keys.Cryptography;
import java.io.IOException;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.cms.CMSAuthEnvelopedDataStreamGenerator;
import org.bouncycastle.cms.CMSEnvelopedDataStreamGenerator;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.RecipientInfoGenerator;
import org.bouncycastle.cms.jcajce.JceCMSContentEncryptorBuilder;
import org.bouncycastle.operator.OutputAEADEncryptor;
import org.bouncycastle.operator.OutputEncryptor;

/** Writes CMS envelopes as streams (RFC 5652 section 6, RFC 5083). Thread-safe; the streams are not. */
public final class Enveloping {

    private static final int SEGMENT = 16 * 1024;

    private final ContentCipher cipher;
    private final boolean oaep;
    private final SecureRandom random = Cryptography.random();

    /** Encrypts with {@code cipher}; RSA keys use OAEP or PKCS#1 v1.5. */
    public Enveloping(ContentCipher cipher, boolean oaep) {
        this.cipher = cipher;
        this.oaep = oaep;
    }

    /** A stream that writes encrypted to {@code out}; closing it leaves {@code out} open. */
    public OutputStream open(List<X509Certificate> recipients, OutputStream out)
            throws CMSException, GeneralSecurityException, IOException {
        OutputEncryptor encryptor = encryptor();
        if (encryptor instanceof OutputAEADEncryptor authenticated) {
            CMSAuthEnvelopedDataStreamGenerator generator = new CMSAuthEnvelopedDataStreamGenerator();
            generator.setBufferSize(SEGMENT);
            for (X509Certificate each : recipients) {
                generator.addRecipientInfoGenerator(recipient(each));
            }
            return generator.open(PKCSObjectIdentifiers.data, out, authenticated);
        }
        CMSEnvelopedDataStreamGenerator generator = new CMSEnvelopedDataStreamGenerator();
        generator.setBufferSize(SEGMENT);
        for (X509Certificate each : recipients) {
            generator.addRecipientInfoGenerator(recipient(each));
        }
        return generator.open(PKCSObjectIdentifiers.data, out, encryptor);
    }

    private RecipientInfoGenerator recipient(X509Certificate certificate) throws GeneralSecurityException {
        return certificate.getPublicKey() instanceof RSAPublicKey
                ? KeyTransport.to(certificate, oaep)
                : KeyAgreements.with(certificate, cipher.wrap());
    }

    private OutputEncryptor encryptor() throws CMSException, GeneralSecurityException {
        if (!cipher.isBroken()) {
            return AesEncryptor.of(cipher, KeyAgreements.keyBytes(cipher.wrap()), random);
        }
        JceCMSContentEncryptorBuilder builder = cipher == ContentCipher.RC2
                ? new JceCMSContentEncryptorBuilder(cipher.content(), 128)
                : new JceCMSContentEncryptorBuilder(cipher.content());
        return builder.setProvider(Cryptography.complete()).build();
    }
}
