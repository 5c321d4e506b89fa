package io.sendport.host.box.body;

import io.sendport.host.ledger.Hashing;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/** A digest of a message as it was submitted: its context, and the name, type, context and body digest of each part. */
public final class ContentDigest {

    private final MessageDigest digest = Hashing.sha256();

    /** Starts with the context of the message, as JSON. */
    public ContentDigest(String context) {
        add(context);
    }

    /** Adds a part: its name, its type, its context as JSON, and the SHA-256 of its body. */
    public void add(String name, String contentType, String context, String sha256) {
        add(name);
        add(contentType);
        add(context);
        add(sha256);
    }

    /** Adds the length first, so that adjacent texts cannot be confused. */
    private void add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        digest.update(bytes);
    }

    /** The SHA-256, hex. Call it once. */
    public String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
