package io.sendport.host.box.body;

import io.sendport.host.ledger.Hashing;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/** One digest over a message as it was submitted: its context, and of each part name, type, context and the digest of its body. */
public final class ContentDigest {

    private final MessageDigest digest = Hashing.sha256();

    public ContentDigest(String context) {
        add(context);
    }

    public void add(String name, String contentType, String context, String sha256) {
        add(name);
        add(contentType);
        add(context);
        add(sha256);
    }

    /** With its length before it, so that no text can run over into the next. */
    private void add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        digest.update(bytes);
    }

    /** SHA-256, hex. */
    public String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
