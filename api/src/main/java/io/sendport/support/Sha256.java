package io.sendport.support;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 (FIPS 180-4). No method takes or returns null. The methods are thread-safe; a digest object is not. */
public final class Sha256 {

    private Sha256() {}

    /** A new digest, for content that arrives in pieces. */
    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The 32 bytes of the digest of {@code content}. */
    public static byte[] of(byte[] content) {
        return digest().digest(content);
    }

    /** The digest of {@code content} as 64 lower-case hexadecimal digits. */
    public static String hex(byte[] content) {
        return HexFormat.of().formatHex(of(content));
    }
}
