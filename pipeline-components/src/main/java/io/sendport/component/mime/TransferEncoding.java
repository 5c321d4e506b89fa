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
    /** For everything; the default for submitted content, whose bytes must arrive unchanged. */
    BASE64("base64"),
    /** For text with few non-ASCII characters. */
    QUOTED_PRINTABLE("quoted-printable"),
    /** No encoding: ASCII in lines of at most 998 characters that end with CRLF. */
    SEVEN_BIT("7bit"),
    /** As 7bit, but with bytes above 127; the relay must support 8BITMIME. */
    EIGHT_BIT("8bit");

    private static final byte[] CRLF = {'\r', '\n'};
    private static final int MAX_LINE = 998;

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

    /** The best encoding for a text made by Sendport, in CRLF lines. */
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
     * Writes {@code content} encoded, with nothing after it.
     *
     * @return whether the output ends with a line end
     * @throws AssemblyException when the content does not fit the encoding
     */
    boolean write(Body content, OutputStream out) throws IOException {
        try (InputStream in = content.open()) {
            return switch (this) {
                case BASE64 -> base64(in, out);
                case QUOTED_PRINTABLE -> quotedPrintable(in, out);
                case SEVEN_BIT, EIGHT_BIT -> identity(in, out);
            };
        }
    }

    /**
     * Ends the last line of a mail whose content does not end with a line end. Adds nothing to the content when the encoding can express
     * that.
     */
    void endLine(OutputStream out) throws IOException {
        if (this == QUOTED_PRINTABLE) {
            out.write('=');
        }
        out.write(CRLF);
    }

    private static boolean base64(InputStream in, OutputStream out) throws IOException {
        try (OutputStream encoder = Base64.getMimeEncoder(76, CRLF).wrap(new NonClosingOutputStream(out))) {
            return in.transferTo(encoder) == 0;
        }
    }

    private static boolean quotedPrintable(InputStream in, OutputStream out) throws IOException {
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
        boolean ended = line.isEmpty();
        protectLastSpace(line);
        flush(line, "", out);
        return ended;
    }

    private static void append(StringBuilder line, String piece, OutputStream out) throws IOException {
        if (line.length() + piece.length() > 73) {
            flush(line, "=\r\n", out);
        }
        line.append(piece);
    }

    private static void endLine(StringBuilder line, OutputStream out) throws IOException {
        protectLastSpace(line);
        flush(line, "\r\n", out);
    }

    /**
     * A line that starts with "From " would be changed by programs that store mail in one file, which would break a signature (RFC 2049
     * section 3).
     */
    private static void flush(StringBuilder line, String end, OutputStream out) throws IOException {
        if (line.indexOf("From ") == 0) {
            line.replace(0, 1, "=46");
        }
        out.write(line.append(end).toString().getBytes(StandardCharsets.US_ASCII));
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

    private boolean identity(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[8192];
        int line = 0;
        int number = 1;
        int before = 0;
        for (int read; (read = in.read(buffer)) >= 0; ) {
            for (int i = 0; i < read; i++) {
                int b = buffer[i];
                boolean broken = (b == '\n') != (before == '\r') || b == 0 || (b < 0 && this == SEVEN_BIT);
                line = b == '\n' ? 0 : line + 1;
                if (broken || line > MAX_LINE + 1) {
                    throw unfit(number, broken ? describe(b, before) : "is longer than " + MAX_LINE + " characters");
                }
                number += b == '\n' ? 1 : 0;
                before = b;
            }
            out.write(buffer, 0, read);
        }
        if (before == '\r') {
            throw unfit(number, "ends with CR instead of CRLF");
        }
        return line == 0;
    }

    private static String describe(int b, int before) {
        if (b == '\n') {
            return "ends with LF instead of CRLF";
        }
        return before == '\r' ? "ends with CR instead of CRLF" : "contains the byte " + (b & 0xFF);
    }

    private AssemblyException unfit(int line, String why) {
        return new AssemblyException(
                "contentTransferEncoding=\"" + token + "\": line " + line + " of the content " + why
                        + "; expected CRLF lines of at most " + MAX_LINE + " characters"
                        + (this == SEVEN_BIT ? " in ASCII" : "")
                        + ", or base64");
    }

    /** Does not close the underlying stream, so that an encoder can finish. */
    private static final class NonClosingOutputStream extends FilterOutputStream {
        NonClosingOutputStream(OutputStream out) {
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
