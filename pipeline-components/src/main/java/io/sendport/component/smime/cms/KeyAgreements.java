package io.sendport.component.smime.cms;

import io.sendport.component.smime.keys.Certificates;
import io.sendport.component.smime.keys.Cryptography;
import io.sendport.support.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Provider;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.cms.IssuerAndSerialNumber;
import org.bouncycastle.asn1.cms.KeyAgreeRecipientIdentifier;
import org.bouncycastle.asn1.cms.RecipientEncryptedKey;
import org.bouncycastle.asn1.cms.ecc.ECCCMSSharedInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cms.CMSAlgorithm;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.KeyAgreeRecipientInfoGenerator;
import org.bouncycastle.operator.GenericKey;
import org.bouncycastle.util.Pack;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts the content's key for a recipient with an elliptic curve key: ephemeral-static ECDH with the X9.63 derivation over SHA-256 (RFC
 * 5753), X25519 with HKDF over SHA-256 (RFC 8418), AES key wrap (RFC 3394). Implemented here because Bouncy Castle only supports it with
 * its own, slower arithmetic.
 */
final class KeyAgreements extends KeyAgreeRecipientInfoGenerator {

    private static final int SHA256_BYTES = 32;

    private final X509Certificate certificate;
    private final KeyPair ephemeral;
    private final boolean x25519;

    private KeyAgreements(X509Certificate certificate, KeyPair ephemeral, boolean x25519, ASN1ObjectIdentifier wrap) {
        super(
                x25519 ? CMSAlgorithm.ECDH_HKDF_SHA256 : CMSAlgorithm.ECDH_SHA256KDF,
                SubjectPublicKeyInfo.getInstance(ephemeral.getPublic().getEncoded()),
                wrap);
        this.certificate = certificate;
        this.ephemeral = ephemeral;
        this.x25519 = x25519;
    }

    static KeyAgreements with(X509Certificate certificate, ASN1ObjectIdentifier wrap) throws GeneralSecurityException {
        if (certificate.getPublicKey() instanceof ECPublicKey key) {
            KeyPairGenerator generator =
                    KeyPairGenerator.getInstance("EC", Cryptography.fastest("KeyPairGenerator", "EC"));
            generator.initialize(key.getParams());
            return new KeyAgreements(certificate, generator.generateKeyPair(), false, wrap);
        }
        return new KeyAgreements(
                certificate, KeyPairGenerator.getInstance("X25519").generateKeyPair(), true, wrap);
    }

    @Override
    protected byte @Nullable [] getUserKeyingMaterial(AlgorithmIdentifier algorithm) {
        return null;
    }

    @Override
    protected ASN1Sequence generateRecipientEncryptedKeys(
            AlgorithmIdentifier agreement, AlgorithmIdentifier wrap, GenericKey contentKey) throws CMSException {
        try {
            int length = keyBytes(wrap.getAlgorithm());
            byte[] info = new ECCCMSSharedInfo(wrap, Pack.intToBigEndian(length * 8)).getEncoded(ASN1Encoding.DER);
            byte[] secret = secret();
            byte[] wrapping = x25519 ? hkdf(secret, info, length) : x963(secret, info, length);
            Cipher cipher = Cipher.getInstance("AESWrap");
            cipher.init(Cipher.WRAP_MODE, new SecretKeySpec(wrapping, "AES"));
            byte[] wrapped = cipher.wrap(new SecretKeySpec(KeyTransport.bytes(contentKey), "AES"));
            return new DERSequence(new RecipientEncryptedKey(recipient(), new DEROctetString(wrapped)));
        } catch (GeneralSecurityException | IOException e) {
            throw new CMSException("key agreement with " + Certificates.describe(certificate) + " failed", e);
        }
    }

    private KeyAgreeRecipientIdentifier recipient() throws CertificateEncodingException {
        return new KeyAgreeRecipientIdentifier(
                new IssuerAndSerialNumber(new JcaX509CertificateHolder(certificate).toASN1Structure()));
    }

    private byte[] secret() throws GeneralSecurityException {
        KeyAgreement agreement;
        if (x25519) {
            agreement = KeyAgreement.getInstance("X25519");
        } else {
            Provider provider = Cryptography.fastest("KeyAgreement", "ECDH");
            agreement = KeyAgreement.getInstance("ECDH", provider);
        }
        agreement.init(ephemeral.getPrivate());
        agreement.doPhase(certificate.getPublicKey(), true);
        return agreement.generateSecret();
    }

    static int keyBytes(ASN1ObjectIdentifier wrap) {
        if (wrap.equals(CMSAlgorithm.AES256_WRAP)) {
            return 32;
        }
        return wrap.equals(CMSAlgorithm.AES192_WRAP) ? 24 : 16;
    }

    /** SEC 1 section 3.6.1. */
    private static byte[] x963(byte[] secret, byte[] info, int length) {
        MessageDigest digest = Sha256.digest();
        ByteArrayOutputStream derived = new ByteArrayOutputStream();
        for (int counter = 1; derived.size() < length; counter++) {
            digest.update(secret);
            digest.update(Pack.intToBigEndian(counter));
            derived.writeBytes(digest.digest(info));
        }
        return Arrays.copyOf(derived.toByteArray(), length);
    }

    /** RFC 5869, one block only, because no key here is longer than the digest. */
    private static byte[] hkdf(byte[] secret, byte[] info, int length) throws GeneralSecurityException {
        byte[] extracted = hmac(new byte[SHA256_BYTES], secret);
        byte[] input = Arrays.copyOf(info, info.length + 1);
        input[info.length] = 1;
        return Arrays.copyOf(hmac(extracted, input), length);
    }

    private static byte[] hmac(byte[] key, byte[] data) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HMAC"));
        return mac.doFinal(data);
    }
}
