package io.sendport.host.ledger.reconcile;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the relay kept. */
public interface Archive {

    /** Takes one mail after the other. */
    @FunctionalInterface
    interface Reader {
        /**
         * The next.
         *
         * @throws IOException when it can't be taken down
         */
        void take(ArchivedMail mail) throws IOException;
    }

    /**
     * Reads every mail once.
     *
     * @throws IOException when something can't be read: an archive that was read in part proves nothing
     */
    void read(Reader reader) throws IOException;

    /** Whether fingerprints are digests of bytes, not queue ids. */
    boolean hasBytes();

    /**
     * The archive at {@code path}: a folder (Maildir, or mails as files), else a file, an mbox when it begins with {@code From }, else a
     * log of Postfix.
     *
     * @throws IOException when it isn't there or can't be read
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
