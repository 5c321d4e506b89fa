package io.sendport.api.component;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The receiver's side of an encoder, for demonstrations and acceptance tests: opens a received mail with the receiver's key. Found by
 * {@link java.util.ServiceLoader}. Thread-safe.
 */
public interface MailOpener {

    /** The encoder's element, such as {@code smime}. */
    String element();

    /**
     * The content of the mail.
     *
     * @param signer the subject of the certificate whose signature is valid; empty when the mail is not signed
     * @param files the attachments by file name
     */
    record Opened(String signer, Map<String, byte[]> files) {}

    /**
     * Opens a small mail.
     *
     * @param mail the received mail
     * @param key PKCS#12 file with the receiver's key
     * @param password its password
     * @throws IOException when the mail cannot be opened with that key, or a signature is not valid
     */
    Opened open(Path mail, Path key, char[] password) throws IOException;
}
