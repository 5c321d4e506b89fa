package io.sendport.component.smime.cms;

import io.sendport.component.smime.keys.Cryptography;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.cms.GCMParameters;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.operator.GenericKey;
import org.bouncycastle.operator.OutputAEADEncryptor;
import org.bouncycastle.operator.OutputEncryptor;
import org.bouncycastle.operator.jcajce.JceGenericKey;
import org.jspecify.annotations.Nullable;

/**
 * AES for one content, with its own key, on the fastest provider. Bouncy Castle's builder requires more of a provider than the cipher,
 * which the fastest provider does not offer. Used once.
 */
class AesEncryptor implements OutputEncryptor {

    private static final int CBC_IV_BYTES = 16;
    private static final int GCM_NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;

    final Cipher cipher;
    private final SecretKey key;
    private final AlgorithmIdentifier algorithm;

    private AesEncryptor(Cipher cipher, SecretKey key, AlgorithmIdentifier algorithm) {
        this.cipher = cipher;
        this.key = key;
        this.algorithm = algorithm;
    }

    static AesEncryptor of(ContentCipher content, int keyBytes, SecureRandom random) throws GeneralSecurityException {
        SecretKey key = new SecretKeySpec(bytes(keyBytes, random), "AES");
        boolean gcm = content.isAuthenticated();
        byte[] start = bytes(gcm ? GCM_NONCE_BYTES : CBC_IV_BYTES, random);
        String name = gcm ? "AES/GCM/NoPadding" : "AES/CBC/PKCS5Padding";
        Cipher cipher = Cryptography.cipher(name);
        cipher.init(
                Cipher.ENCRYPT_MODE,
                key,
                gcm ? new GCMParameterSpec(TAG_BYTES * 8, start) : new IvParameterSpec(start));
        ASN1Encodable parameters = gcm ? new GCMParameters(start, TAG_BYTES) : new DEROctetString(start);
        AlgorithmIdentifier algorithm = new AlgorithmIdentifier(content.content(), parameters);
        return gcm ? new Authenticated(cipher, key, algorithm) : new AesEncryptor(cipher, key, algorithm);
    }

    private static byte[] bytes(int count, SecureRandom random) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    @Override
    public AlgorithmIdentifier getAlgorithmIdentifier() {
        return algorithm;
    }

    @Override
    public GenericKey getKey() {
        return new JceGenericKey(algorithm, key);
    }

    @Override
    public OutputStream getOutputStream(OutputStream out) {
        return new Encrypting(out);
    }

    /** The bytes of the last block; a subclass may hold back a part of them. */
    byte[] finished() throws GeneralSecurityException {
        return cipher.doFinal();
    }

    boolean ownsEnd() {
        return true;
    }

    private final class Encrypting extends FilterOutputStream {
        Encrypting(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte @Nullable [] bytes, int offset, int length) throws IOException {
            byte[] encrypted = cipher.update(bytes, offset, length);
            if (encrypted != null) {
                out.write(encrypted);
            }
        }

        @Override
        public void close() throws IOException {
            try {
                out.write(finished());
            } catch (GeneralSecurityException e) {
                throw new IOException("encryption failed at its end: " + e.getMessage(), e);
            }
            // Bouncy Castle ends the octets of an AuthEnvelopedData itself, but leaves those of an EnvelopedData to the
            // encryptor.
            if (ownsEnd()) {
                super.close();
            }
        }
    }

    /** GCM: the tag is stored next to the content (RFC 5084). */
    private static final class Authenticated extends AesEncryptor implements OutputAEADEncryptor {
        private final ByteArrayOutputStream associated = new ByteArrayOutputStream();
        private byte[] tag = new byte[0];

        Authenticated(Cipher cipher, SecretKey key, AlgorithmIdentifier algorithm) {
            super(cipher, key, algorithm);
        }

        /** No additional data is authenticated, so nothing is ever written to this stream. */
        @Override
        public OutputStream getAADStream() {
            return associated;
        }

        @Override
        byte[] finished() throws GeneralSecurityException {
            byte[] last = super.finished();
            tag = Arrays.copyOfRange(last, last.length - TAG_BYTES, last.length);
            return Arrays.copyOf(last, last.length - TAG_BYTES);
        }

        @Override
        boolean ownsEnd() {
            return false;
        }

        @Override
        public byte[] getMAC() {
            return tag.clone();
        }
    }
}
