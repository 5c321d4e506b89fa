package io.sendport.host.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Computes the two hashes of a record with SHA-256. Safe for use by several threads. */
public final class Hashing {

    /** The value that the first record of a lane has as hash of the previous record. */
    public static final String NONE = "0".repeat(64);

    /** A digest for each thread. Each call of {@code digest} resets it. */
    private static final ThreadLocal<MessageDigest> SHA256 = ThreadLocal.withInitial(Hashing::sha256);

    private Hashing() {}

    /** Returns the hash of a header, hex. {@code canonical} is its canonical JSON. */
    public static String ofHeader(String canonical) {
        return HexFormat.of().formatHex(SHA256.get().digest(canonical.getBytes(StandardCharsets.UTF_8)));
    }

    /** As {@link #ofHeader(String)}, for canonical JSON in UTF-8. */
    static String ofHeader(byte[] bytes, int offset, int length) {
        MessageDigest digest = SHA256.get();
        digest.update(bytes, offset, length);
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Returns the hash of a private part with its salt, hex. {@code canonical} is its canonical JSON. */
    public static String ofPrivate(byte[] salt, String canonical) {
        return ofPrivate(salt, canonical.getBytes(StandardCharsets.UTF_8));
    }

    /** As {@link #ofPrivate(byte[], String)}, for canonical JSON in UTF-8. */
    static String ofPrivate(byte[] salt, byte[] canonical) {
        MessageDigest digest = SHA256.get();
        digest.update(salt);
        return HexFormat.of().formatHex(digest.digest(canonical));
    }

    /** Returns this thread's shared SHA-256. Finish the digest before any other call of this class. */
    public static MessageDigest shared() {
        return SHA256.get();
    }

    /** Returns a new SHA-256, which can be cloned. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no SHA-256", e);
        }
    }

    /**
     * Returns the SHA-256 of the remaining bytes of {@code in}, hex. Does not close the stream.
     *
     * @throws IOException when the stream cannot be read
     */
    public static String of(InputStream in) throws IOException {
        MessageDigest digest = sha256();
        in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        return HexFormat.of().formatHex(digest.digest());
    }
}
