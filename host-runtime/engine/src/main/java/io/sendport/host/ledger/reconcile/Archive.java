package io.sendport.host.ledger.reconcile;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The mails that the relay archived. */
public interface Archive {

    /** Receives the mails one by one. */
    @FunctionalInterface
    interface Reader {
        /**
         * Receives the next mail.
         *
         * @throws IOException when it cannot be stored
         */
        void take(ArchivedMail mail) throws IOException;
    }

    /**
     * Reads every mail once.
     *
     * @throws IOException when something cannot be read: a partly read archive proves nothing
     */
    void read(Reader reader) throws IOException;

    /** Whether fingerprints are digests of bytes, not queue ids. */
    boolean hasBytes();

    /**
     * Opens the archive at {@code path}: a folder (Maildir, or mails as files), an mbox file that starts with {@code From }, or a
     * Postfix log.
     *
     * @throws IOException when it does not exist or cannot be read
     */
    static Archive at(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return new MailFolder(path);
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
            String begin = new String(in.readNBytes(5), StandardCharsets.US_ASCII);
            return begin.equals("From ") ? new MboxFile(path) : new PostfixLog(path);
        }
    }
}
