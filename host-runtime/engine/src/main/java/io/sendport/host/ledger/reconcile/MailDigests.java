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
 * Digests of a mail as it may have been sent, computed while its bytes are read. A relay may add trace fields in front (RFC 5321,
 * section 4.4), change line ends, and end the last line. So there is a digest starting at each of the first fields, over CRLF line
 * ends, with and without the last line end.
 */
final class MailDigests {

    /** The limit of a header; the rest is ignored. */
    private static final int MAX_HEADER = 256 * 1024;

    /** How many fields in front are tried; relays add only a few. */
    private static final int MAX_BEGINS = 24;

    /** Fields that senders write: the sent mail starts at or before them. */
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
    private boolean heldLineEnd;
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
        releaseLineEnd();
        if (!inBody && lineLength == 0) {
            header.writeBytes(CRLF);
            beginBody();
        } else {
            heldLineEnd = true;
        }
        lineLength = 0;
    }

    private void put(byte each) {
        releaseLineEnd();
        lineLength++;
        write(each);
    }

    private void releaseLineEnd() {
        if (heldLineEnd) {
            heldLineEnd = false;
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
        boolean searching = true;
        for (int start = 0; start < text.length() && text.charAt(start) != '\r'; ) {
            int end = fieldEnd(text, start);
            String field = text.substring(start, end);
            int colon = field.indexOf(':');
            String name = colon < 0 ? "" : field.substring(0, colon).strip().toLowerCase(Locale.ROOT);
            if (searching && digests.size() < MAX_BEGINS) {
                digests.add(sha256(all, start));
            }
            searching &= !ORIGINATORS.contains(name);
            if (name.equals("message-id") && mimeMessageId.isEmpty()) {
                mimeMessageId = field.substring(colon + 1).strip();
            }
            start = end;
        }
    }

    /** The end of the field that starts at {@code start}, including continuation lines. */
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

    /** The digests, after all bytes were added. */
    Set<String> digests() {
        if (wasCr) {
            put((byte) '\r');
            wasCr = false;
        }
        boolean endsLine = heldLineEnd;
        heldLineEnd = false;
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
            throw new IllegalStateException("the JDK's SHA-256 can be copied", e);
        }
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Its Message-ID, after all bytes were added; empty when it has none. */
    String mimeMessageId() {
        if (!inBody) {
            beginBody();
        }
        return mimeMessageId;
    }
}
