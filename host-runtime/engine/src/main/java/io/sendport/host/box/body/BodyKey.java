package io.sendport.host.box.body;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Encrypts with AES-256-GCM: a random nonce of 12 bytes, the cipher text, a tag of 16 bytes. Safe for use by several threads. */
public final class BodyKey {

    /** The size of a key. */
    public static final int BYTES = 32;

    private static final int NONCE = 12;
    private static final int TAG = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** How many bytes encryption adds to a body. */
    static final int OVERHEAD = NONCE + TAG;

    private final String id;
    private final SecretKeySpec key;

    /**
     * @param key of {@link #BYTES} bytes
     */
    BodyKey(String id, byte[] key) {
        this.id = id;
        this.key = new SecretKeySpec(key, "AES");
    }

    String id() {
        return id;
    }

    static byte[] random(int bytes) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        return random;
    }

    /**
     * Encrypts.
     *
     * @param lead the number of zero bytes before the result
     * @param place where the bytes are stored; {@link #decrypt} needs the same place
     */
    byte[] encrypt(byte[] clear, int lead, BodyPlace place) {
        byte[] nonce = random(NONCE);
        byte[] stored = new byte[lead + OVERHEAD + clear.length];
        System.arraycopy(nonce, 0, stored, lead, NONCE);
        try {
            cipher(Cipher.ENCRYPT_MODE, nonce, 0, place).doFinal(clear, 0, clear.length, stored, lead + NONCE);
            return stored;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no AES-GCM", e);
        }
    }

    /**
     * Decrypts the bytes after the first {@code lead} bytes.
     *
     * @throws DamagedException when they were changed, or when this key did not encrypt them for {@code place}
     */
    byte[] decrypt(byte[] stored, int lead, BodyPlace place) {
        if (stored.length < lead + OVERHEAD) {
            throw damaged();
        }
        try {
            return cipher(Cipher.DECRYPT_MODE, stored, lead, place)
                    .doFinal(stored, lead + NONCE, stored.length - lead - NONCE);
        } catch (AEADBadTagException e) {
            throw damaged();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no AES-GCM", e);
        }
    }

    private DamagedException damaged() {
        return new DamagedException("a body differs from the one that was encrypted with key \"" + id
                + "\": the message box is damaged, or the key file has a different key with this id. Put the original key"
                + " back and resume the message, or terminate the message and submit it again");
    }

    private Cipher cipher(int mode, byte[] nonce, int offset, BodyPlace place) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG * Byte.SIZE, nonce, offset, NONCE));
        cipher.updateAAD(place.bytes());
        return cipher;
    }

    /** Shows only the id, never the key. */
    @Override
    public String toString() {
        return "key " + id;
    }
}
