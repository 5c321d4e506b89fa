package io.sendport.host.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The two hashes of a record, and the digests for them. */
public final class Hashing {

    /** The previous hash of the first record of a lane. */
    public static final String NONE = "0".repeat(64);

    /** Every digest call resets it. */
    private static final ThreadLocal<MessageDigest> SHA256 = ThreadLocal.withInitial(Hashing::sha256);

    private Hashing() {}

    public static String ofHeader(String canonical) {
        return HexFormat.of().formatHex(SHA256.get().digest(canonical.getBytes(StandardCharsets.UTF_8)));
    }

    /** As {@link #ofHeader(String)}, of the text in UTF-8. */
    static String ofHeader(byte[] bytes, int offset, int length) {
        MessageDigest digest = SHA256.get();
        digest.update(bytes, offset, length);
        return HexFormat.of().formatHex(digest.digest());
    }

    public static String ofPrivate(byte[] salt, String canonical) {
        return ofPrivate(salt, canonical.getBytes(StandardCharsets.UTF_8));
    }

    /** As {@link #ofPrivate(byte[], String)}, of the text in UTF-8. */
    static String ofPrivate(byte[] salt, byte[] canonical) {
        MessageDigest digest = SHA256.get();
        digest.update(salt);
        return HexFormat.of().formatHex(digest.digest(canonical));
    }

    /** This thread's SHA-256, for a digest that is finished at once. */
    public static MessageDigest shared() {
        return SHA256.get();
    }

    /** A new SHA-256, which can be copied. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no SHA-256", e);
        }
    }

    /**
     * SHA-256 of the remaining bytes of {@code in}, hex.
     *
     * @throws IOException when it cannot be read
     */
    public static String of(InputStream in) throws IOException {
        MessageDigest digest = sha256();
        in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        return HexFormat.of().formatHex(digest.digest());
    }
}
