package io.sendport.host.ledger.reconcile;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** An archive or log of the mails that a relay accepted. */
public interface Archive {

    /** Receives the mails one by one. */
    @FunctionalInterface
    interface Reader {
        /**
         * Receives the next mail.
         *
         * @throws IOException when the mail cannot be stored
         */
        void take(ArchivedMail mail) throws IOException;
    }

    /**
     * Reads every mail once.
     *
     * @throws IOException when a part of the archive cannot be read, because an incomplete archive proves nothing
     */
    void read(Reader reader) throws IOException;

    /** Returns whether fingerprints are digests of bytes. Otherwise they are queue ids. */
    boolean hasBytes();

    /**
     * Opens the archive at {@code path}: a folder (Maildir, or mails as files), an mbox file that starts with {@code From }, or a
     * Postfix log.
     *
     * @throws IOException when the archive does not exist or cannot be read
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
