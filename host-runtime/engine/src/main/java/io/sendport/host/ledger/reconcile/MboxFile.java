package io.sendport.host.ledger.reconcile;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An mbox file (RFC 4155). A line that starts with {@code From } at the start of the file or after an empty line starts a mail.
 * The file does not show whether its writer quoted a {@code >From } line. Therefore both readings get a fingerprint.
 */
final class MboxFile implements Archive {

    /** The maximum size of a piece in bytes. Longer lines are read in several pieces. */
    private static final int PIECE = 8 * 1024;

    private static final byte[] FROM = "From ".getBytes(StandardCharsets.US_ASCII);

    private final Path file;

    MboxFile(Path file) {
        this.file = file;
    }

    @Override
    public boolean hasBytes() {
        return true;
    }

    @Override
    public void read(Reader reader) throws IOException {
        byte[] piece = new byte[PIECE];
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 256 * 1024)) {
            Mail mail = null;
            boolean isBegin = true;
            boolean afterEmpty = true;
            int number = 0;
            for (int length = piece(in, piece); length > 0; length = piece(in, piece)) {
                if (isBegin && afterEmpty && startsWith(piece, 0, length)) {
                    pass(mail, reader, number);
                    mail = new Mail();
                    number++;
                    while (piece[length - 1] != '\n' && (length = piece(in, piece)) > 0) {
                        // Skip the rest of the separator line.
                    }
                    afterEmpty = false;
                    isBegin = true;
                    continue;
                }
                if (mail != null) {
                    mail.add(piece, length, isBegin);
                }
                afterEmpty = isBegin && isEmpty(piece, length);
                isBegin = piece[length - 1] == '\n';
            }
            pass(mail, reader, number);
        }
    }

    private static void pass(@Nullable Mail mail, Reader reader, int number) throws IOException {
        if (mail != null) {
            reader.take(mail.end("mail " + number));
        }
    }

    /** Reads up to the end of the line or of the buffer. Returns the number of bytes; 0 at the end of the file. */
    private static int piece(InputStream in, byte[] piece) throws IOException {
        int length = 0;
        while (length < piece.length) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            piece[length++] = (byte) next;
            if (next == '\n') {
                break;
            }
        }
        return length;
    }

    private static boolean isEmpty(byte[] piece, int length) {
        return (length == 1 && piece[0] == '\n') || (length == 2 && piece[0] == '\r' && piece[1] == '\n');
    }

    private static boolean startsWith(byte[] piece, int from, int length) {
        if (length - from < FROM.length) {
            return false;
        }
        for (int i = 0; i < FROM.length; i++) {
            if (piece[from + i] != FROM[i]) {
                return false;
            }
        }
        return true;
    }

    /** One mail, in both readings. */
    private static final class Mail {
        private final MailDigests unmodified = new MailDigests();
        private final MailDigests unquoted = new MailDigests();
        private boolean wasQuoted;

        void add(byte[] piece, int length, boolean isBegin) {
            int quotes = 0;
            while (isBegin && quotes < length && piece[quotes] == '>') {
                quotes++;
            }
            boolean isQuoted = quotes > 0 && startsWith(piece, quotes, length);
            wasQuoted |= isQuoted;
            unmodified.add(piece, 0, length);
            unquoted.add(piece, isQuoted ? 1 : 0, length);
        }

        ArchivedMail end(String place) {
            Set<String> all = new HashSet<>(unmodified.digests());
            if (wasQuoted) {
                all.addAll(unquoted.digests());
            }
            return new ArchivedMail(unmodified.mimeMessageId(), all, place);
        }
    }
}
