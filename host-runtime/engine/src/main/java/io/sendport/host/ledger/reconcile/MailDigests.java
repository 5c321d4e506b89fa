package io.sendport.host.ledger.reconcile;

import io.sendport.host.ledger.Hashing;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Computes digests of an archived mail in the forms in which Sendport may have sent it. A relay may add trace fields at the start (RFC
 * 5321, section 4.4), change line ends, and add a last line end. Therefore one digest starts at each of the first fields, all use CRLF
 * line ends, and each exists with and without the last line end. Not thread-safe.
 */
final class MailDigests {

    /** The maximum size of a header in bytes. Later fields are treated as body. */
    private static final int MAX_HEADER = 256 * 1024;

    /** The maximum number of fields at which a digest starts, because relays add only a few fields. */
    private static final int MAX_BEGINS = 24;

    /** Fields that senders write. The sent mail starts at or before the first of them. */
    private static final Set<String> ORIGINATORS = Set.of(
            "date", "from", "sender", "reply-to", "to", "cc", "subject", "message-id", "mime-version", "content-type");

    private static final byte[] CRLF = {'\r', '\n'};
    private static final int CHUNK = 16 * 1024;

    private final ByteArrayOutputStream header = new ByteArrayOutputStream(4 * 1024);
    private final List<MessageDigest> digests = new ArrayList<>();
    private final byte[] chunk = new byte[CHUNK];
    private int filled;
    private boolean inBody;
    private boolean wasCr;
    private boolean pendingLineEnd;
    private int lineLength;
    private String mimeMessageId = "";

    /** Adds the next bytes. */
    void add(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            byte each = bytes[i];
            if (each == '\n') {
                endLine();
                wasCr = false;
            } else {
                if (wasCr) {
                    put((byte) '\r');
                }
                wasCr = each == '\r';
                if (!wasCr) {
                    put(each);
                }
            }
        }
    }

    private void endLine() {
        writePendingLineEnd();
        if (!inBody && lineLength == 0) {
            header.writeBytes(CRLF);
            beginBody();
        } else {
            pendingLineEnd = true;
        }
        lineLength = 0;
    }

    private void put(byte each) {
        writePendingLineEnd();
        lineLength++;
        write(each);
    }

    private void writePendingLineEnd() {
        if (pendingLineEnd) {
            pendingLineEnd = false;
            write(CRLF[0]);
            write(CRLF[1]);
        }
    }

    private void write(byte each) {
        if (!inBody) {
            header.write(each);
            if (header.size() >= MAX_HEADER) {
                beginBody();
            }
            return;
        }
        chunk[filled++] = each;
        if (filled == CHUNK) {
            flush();
        }
    }

    private void flush() {
        digests.forEach(each -> each.update(chunk, 0, filled));
        filled = 0;
    }

    private void beginBody() {
        inBody = true;
        byte[] all = header.toByteArray();
        String text = new String(all, StandardCharsets.ISO_8859_1);
        boolean maySentMailStart = true;
        for (int start = 0; start < text.length() && text.charAt(start) != '\r'; ) {
            int end = fieldEnd(text, start);
            String field = text.substring(start, end);
            int colon = field.indexOf(':');
            String name = colon < 0 ? "" : field.substring(0, colon).strip().toLowerCase(Locale.ROOT);
            if (maySentMailStart && digests.size() < MAX_BEGINS) {
                digests.add(sha256(all, start));
            }
            maySentMailStart &= !ORIGINATORS.contains(name);
            if (name.equals("message-id") && mimeMessageId.isEmpty()) {
                mimeMessageId = field.substring(colon + 1).strip();
            }
            start = end;
        }
    }

    /** Returns the end of the field that starts at {@code start}, including continuation lines. */
    private static int fieldEnd(String text, int start) {
        int end = start;
        do {
            int line = text.indexOf("\r\n", end);
            if (line < 0) {
                return text.length();
            }
            end = line + 2;
        } while (end < text.length() && (text.charAt(end) == ' ' || text.charAt(end) == '\t'));
        return end;
    }

    private static MessageDigest sha256(byte[] bytes, int from) {
        MessageDigest digest = Hashing.sha256();
        digest.update(bytes, from, bytes.length - from);
        return digest;
    }

    /** Returns the digests, hex. Call this once, after all bytes were added. */
    Set<String> digests() {
        if (wasCr) {
            put((byte) '\r');
            wasCr = false;
        }
        boolean endsLine = pendingLineEnd;
        pendingLineEnd = false;
        if (!inBody) {
            beginBody();
        }
        flush();
        Set<String> all = new HashSet<>();
        for (MessageDigest each : digests) {
            all.add(hex(copy(each)));
            if (endsLine) {
                each.update(CRLF);
                all.add(hex(each));
            }
        }
        return all;
    }

    private static MessageDigest copy(MessageDigest digest) {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("this Java runtime cannot copy a SHA-256 digest", e);
        }
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Returns the Message-ID; empty when the mail has none. Call this after all bytes were added. */
    String mimeMessageId() {
        if (!inBody) {
            beginBody();
        }
        return mimeMessageId;
    }
}
