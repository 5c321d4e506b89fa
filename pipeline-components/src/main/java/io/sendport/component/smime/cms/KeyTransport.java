package io.sendport.component.smime.cms;

import io.sendport.component.smime.keys.Cryptography;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cms.RecipientInfoGenerator;
import org.bouncycastle.cms.jcajce.JceKeyTransRecipientInfoGenerator;
import org.bouncycastle.operator.AsymmetricKeyWrapper;
import org.bouncycastle.operator.GenericKey;
import org.bouncycastle.operator.OperatorException;
import org.bouncycastle.operator.jcajce.JcaAlgorithmParametersConverter;

/** Encrypts the content's key for a recipient with an RSA key: PKCS#1 v1.5, or OAEP with SHA-256 (RFC 8017). */
final class KeyTransport {

    private static final OAEPParameterSpec OAEP =
            new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT);
    private static final String OAEP_CIPHER = "RSA/ECB/OAEPPadding";

    private KeyTransport() {}

    static RecipientInfoGenerator to(X509Certificate certificate, boolean oaep) throws GeneralSecurityException {
        if (!oaep) {
            return new JceKeyTransRecipientInfoGenerator(certificate)
                    .setProvider(Cryptography.cipher("RSA/ECB/PKCS1Padding").getProvider());
        }
        AlgorithmIdentifier algorithm =
                new JcaAlgorithmParametersConverter().getAlgorithmIdentifier(PKCSObjectIdentifiers.id_RSAES_OAEP, OAEP);
        return new JceKeyTransRecipientInfoGenerator(certificate, new Oaep(algorithm, certificate));
    }

    /** The bytes of a content's key, whatever its representation. */
    static byte[] bytes(GenericKey key) {
        Object held = key.getRepresentation();
        return held instanceof byte[] bytes ? bytes : ((Key) held).getEncoded();
    }

    private static final class Oaep extends AsymmetricKeyWrapper {
        private final X509Certificate certificate;

        Oaep(AlgorithmIdentifier algorithm, X509Certificate certificate) {
            super(algorithm);
            this.certificate = certificate;
        }

        @Override
        public byte[] generateWrappedKey(GenericKey key) throws OperatorException {
            try {
                Cipher cipher = Cryptography.cipher(OAEP_CIPHER);
                cipher.init(Cipher.ENCRYPT_MODE, certificate.getPublicKey(), OAEP);
                return cipher.doFinal(bytes(key));
            } catch (GeneralSecurityException e) {
                throw new OperatorException("RSAES-OAEP failed: " + e.getMessage(), e);
            }
        }
    }
}
