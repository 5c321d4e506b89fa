package io.sendport.host.relay;

import io.sendport.api.mail.Transparency;
import io.sendport.host.ledger.Hashing;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Collects facts about a mail while its bytes are written. For one mail and one thread. */
final class Intake {

    /** How many bytes at the start of the mail are searched for the header. */
    private static final int BEGIN = 64 * 1024;

    private static final Pattern MESSAGE_ID = Pattern.compile("(?im)^Message-ID:\\s*(<[^<>\\r\\n]{1,990}>)");

    private final MessageDigest digest = Hashing.sha256();
    private final ByteArrayOutputStream begin = new ByteArrayOutputStream(4 * 1024);
    private boolean eightBit;

    /** Adds the next bytes. */
    void add(byte[] bytes, int length) {
        digest.update(bytes, 0, length);
        for (int i = 0; i < length && !eightBit; i++) {
            eightBit = bytes[i] < 0;
        }
        begin.write(bytes, 0, Math.min(length, BEGIN - begin.size()));
    }

    /** The SHA-256 of all bytes, hex. Call it once. */
    String sha256() {
        return HexFormat.of().formatHex(digest.digest());
    }

    private String header() {
        String text = begin.toString(StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        return end < 0 ? text : text.substring(0, end + 2);
    }

    /** The Message-ID with its angle brackets; empty when there is none. */
    String mimeMessageId() {
        Matcher found = MESSAGE_ID.matcher(header());
        return found.find() ? found.group(1) : "";
    }

    /** What the next hop must be able to carry. */
    Transparency transparency(boolean utf8Addresses) {
        boolean utf8 = utf8Addresses || header().chars().anyMatch(c -> c > 0x7F);
        if (utf8) {
            return Transparency.UTF8_HEADER;
        }
        return eightBit ? Transparency.EIGHT_BIT : Transparency.SEVEN_BIT;
    }
}
