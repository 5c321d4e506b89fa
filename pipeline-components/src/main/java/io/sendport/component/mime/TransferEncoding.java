package io.sendport.component.mime;

import io.sendport.api.message.Body;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Content-Transfer-Encoding (RFC 2045 section 6). */
enum TransferEncoding {
    /** For everything; the default for what was submitted, whose bytes must arrive unchanged. */
    BASE64("base64"),
    /** For text with few characters that are not ASCII. */
    QUOTED_PRINTABLE("quoted-printable"),
    /** Nothing is encoded: ASCII in lines of at most 998 characters ended by CRLF. */
    SEVEN_BIT("7bit"),
    /** As 7bit, bytes above 127 allowed; the relay must take 8BITMIME. */
    EIGHT_BIT("8bit");

    private static final byte[] CRLF = {'\r', '\n'};
    private static final int LONGEST_LINE = 998;

    private final String token;

    TransferEncoding(String token) {
        this.token = token;
    }

    String token() {
        return token;
    }

    static Optional<TransferEncoding> of(String token) {
        for (TransferEncoding encoding : values()) {
            if (encoding.token.equalsIgnoreCase(token)) {
                return Optional.of(encoding);
            }
        }
        return Optional.empty();
    }

    /** What a text of ours, in CRLF lines, is best sent in. */
    static TransferEncoding forText(byte[] text) {
        int line = 0;
        for (byte b : text) {
            line = b == '\n' ? 0 : line + 1;
            if (b == 0) {
                return BASE64;
            }
            if (b < 0 || line > 900) {
                return QUOTED_PRINTABLE;
            }
        }
        return SEVEN_BIT;
    }

    /**
     * Writes {@code content} encoded, ended by a line end.
     *
     * @throws AssemblyException when the content doesn't fit the encoding
     */
    void write(Body content, OutputStream out) throws IOException {
        try (InputStream in = content.open()) {
            switch (this) {
                case BASE64 -> base64(in, out);
                case QUOTED_PRINTABLE -> quotedPrintable(in, out);
                case SEVEN_BIT, EIGHT_BIT -> identity(in, out);
            }
        }
        out.write(CRLF);
    }

    private static void base64(InputStream in, OutputStream out) throws IOException {
        try (OutputStream encoder = Base64.getMimeEncoder(76, CRLF).wrap(new Unclosable(out))) {
            in.transferTo(encoder);
        }
    }

    private static void quotedPrintable(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[8192];
        StringBuilder line = new StringBuilder(80);
        int pendingCr = -1;
        for (int read; (read = in.read(buffer)) >= 0; ) {
            for (int i = 0; i < read; i++) {
                int b = buffer[i] & 0xFF;
                if (pendingCr >= 0) {
                    pendingCr = -1;
                    if (b == '\n') {
                        endLine(line, out);
                        continue;
                    }
                    append(line, "=0D", out);
                }
                if (b == '\r') {
                    pendingCr = b;
                } else if (b == '=' || b > 126 || (b < 32 && b != '\t')) {
                    append(line, String.format("=%02X", b), out);
                } else {
                    append(line, Character.toString(b), out);
                }
            }
        }
        if (pendingCr >= 0) {
            append(line, "=0D", out);
        }
        protectLastSpace(line);
        out.write(line.toString().getBytes(StandardCharsets.US_ASCII));
    }

    private static void append(StringBuilder line, String piece, OutputStream out) throws IOException {
        if (line.length() + piece.length() > 73) {
            out.write(line.append("=\r\n").toString().getBytes(StandardCharsets.US_ASCII));
            line.setLength(0);
        }
        line.append(piece);
    }

    private static void endLine(StringBuilder line, OutputStream out) throws IOException {
        protectLastSpace(line);
        out.write(line.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
        line.setLength(0);
    }

    private static void protectLastSpace(StringBuilder line) {
        int last = line.length() - 1;
        if (last >= 0 && (line.charAt(last) == ' ' || line.charAt(last) == '\t')) {
            String code = line.charAt(last) == ' ' ? "=20" : "=09";
            line.setLength(last);
            line.append(code);
        }
    }

    private void identity(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[8192];
        int line = 0;
        int before = 0;
        for (int read; (read = in.read(buffer)) >= 0; ) {
            for (int i = 0; i < read; i++) {
                int b = buffer[i];
                boolean broken = (b == '\n') != (before == '\r') || b == 0 || (b < 0 && this == SEVEN_BIT);
                line = b == '\n' ? 0 : line + 1;
                if (broken || line > LONGEST_LINE + 1) {
                    throw new AssemblyException("contentTransferEncoding=\"" + token + "\": the content has a byte "
                            + (b & 0xFF)
                            + " or a line that doesn't fit it; expected CRLF lines of at most 998 characters"
                            + (this == SEVEN_BIT ? " in ASCII" : "") + ", or base64");
                }
                before = b;
            }
            out.write(buffer, 0, read);
        }
    }

    /** Lets an encoder finish without closing what it wrote to. */
    private static final class Unclosable extends FilterOutputStream {
        Unclosable(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
