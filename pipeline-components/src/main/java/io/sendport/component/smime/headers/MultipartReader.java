package io.sendport.component.smime.headers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Reads a multipart body (RFC 2046 section 5.1) line by line: first the text before the first delimiter, then one part after another. Not
 * thread-safe.
 */
final class MultipartReader {

    /** A longer line is copied in pieces, because it cannot be a delimiter. */
    private static final int MAX_LINE = 64 * 1024;

    private final InputStream in;
    private final byte[] mark;
    private byte[] delimiter = new byte[0];
    private boolean ended;

    /** Reads the parts between lines of {@code --boundary}. */
    MultipartReader(InputStream in, String boundary) {
        this.in = in;
        this.mark = ("--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The last delimiter line that was read, including its line end. */
    byte[] delimiter() {
        return delimiter;
    }

    /** Whether a part follows. */
    boolean isInside() {
        return !ended;
    }

    /** Copies the lines up to the next delimiter or the end, and reads the delimiter. Does not close {@code out}. */
    void copyToDelimiter(OutputStream out) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            int b = in.read();
            if (b >= 0) {
                line.write(b);
            }
            if (b == '\n' || b < 0 || line.size() > MAX_LINE) {
                byte[] bytes = line.toByteArray();
                line.reset();
                if (isDelimiter(bytes)) {
                    delimiter = bytes;
                    ended = bytes.length >= mark.length + 2
                            && bytes[mark.length] == '-'
                            && bytes[mark.length + 1] == '-';
                    return;
                }
                out.write(bytes);
            }
            if (b < 0) {
                delimiter = new byte[0];
                ended = true;
                return;
            }
        }
    }

    private boolean isDelimiter(byte[] line) {
        if (line.length < mark.length) {
            return false;
        }
        for (int i = 0; i < mark.length; i++) {
            if (line[i] != mark[i]) {
                return false;
            }
        }
        String rest = new String(line, mark.length, line.length - mark.length, StandardCharsets.ISO_8859_1).strip();
        return rest.isEmpty() || rest.equals("--");
    }
}
