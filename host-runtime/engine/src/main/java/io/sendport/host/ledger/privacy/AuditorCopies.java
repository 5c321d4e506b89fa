package io.sendport.host.ledger.privacy;

import io.sendport.api.audit.AuditorEncryption;
import io.sendport.api.audit.AuditorEncryption.Envelope;
import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.config.AuditLedgerSettings;
import io.sendport.host.ledger.Hashing;
import io.sendport.host.store.OwnerOnly;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.ServiceLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores copies of mails that only an auditor can decrypt: CMS in DER, in {@code ab/ab12....p7m} for message {@code ab12...}. Safe for
 * use by several threads and processes.
 */
public final class AuditorCopies {

    private static final Logger LOG = LoggerFactory.getLogger(AuditorCopies.class);

    private final Path folder;

    private AuditorCopies(Path folder) {
        this.folder = folder;
    }

    /** Uses the configured folder, or else the folder beside the store at {@code place}. */
    public static AuditorCopies of(Path place, AuditLedgerSettings settings) {
        return new AuditorCopies(folder(place, settings));
    }

    /** Returns the configured folder, or else the folder beside the store at {@code place}. */
    public static Path folder(Path place, AuditLedgerSettings settings) {
        return settings.auditorCopies().orElse(place.resolveSibling(place.getFileName() + ".auditor-copies"));
    }

    /**
     * Returns the encryption for copies.
     *
     * @throws IllegalStateException when the class path has no such encryption
     */
    public static AuditorEncryption encryption() {
        return ServiceLoader.load(AuditorEncryption.class)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the class path has no encryption for auditors"));
    }

    private Path file(String message) {
        return folder.resolve(message.substring(0, 2)).resolve(message + ".p7m");
    }

    /**
     * Writes a copy, and returns once it is on disk.
     *
     * @param isSameMail whether the mail is the same as in earlier attempts; if so, an existing copy is used, otherwise it is replaced
     * @return SHA-256 of the file, hex
     * @throws IOException when the copy cannot be written, or the auditor's certificate has expired
     */
    public String keep(MessageId message, Envelope envelope, Body mail, boolean isSameMail) throws IOException {
        Path file = file(message.value());
        if (isSameMail && Files.exists(file)) {
            try (InputStream in = Files.newInputStream(file)) {
                return Hashing.of(in);
            }
        }
        Path parent = file.getParent();
        if (parent == null) {
            throw new IllegalStateException(file + " has no parent folder");
        }
        OwnerOnly.createFolder(parent);
        Path part = parent.resolve(message + "." + ProcessHandle.current().pid() + "."
                + Thread.currentThread().getId() + ".part");
        OwnerOnly.create(part);
        try {
            MessageDigest digest = Hashing.sha256();
            try (FileOutputStream bytes = new FileOutputStream(part.toFile())) {
                OutputStream buffered = new BufferedOutputStream(new DigestOutputStream(bytes, digest), 64 * 1024);
                try (OutputStream encrypted = envelope.open(buffered);
                        InputStream in = mail.open()) {
                    in.transferTo(encrypted);
                }
                buffered.flush();
                bytes.getFD().sync();
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            OwnerOnly.syncFolder(parent);
            return HexFormat.of().formatHex(digest.digest());
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Deletes the copies of {@code messages}, as far as they exist. */
    public void delete(Collection<String> messages) throws IOException {
        for (String message : messages) {
            Files.deleteIfExists(file(message));
        }
    }

    /**
     * Deletes copies that are older than {@code limit}.
     *
     * @return the number of deleted files
     */
    public int prune(Instant limit) throws IOException {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        int deleted = 0;
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(folder, Files::isDirectory)) {
            for (Path each : folders) {
                deleted += prune(each, limit);
            }
        }
        return deleted;
    }

    private static int prune(Path directory, Instant limit) throws IOException {
        int deleted = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.{p7m,part}")) {
            for (Path file : files) {
                try {
                    if (Files.getLastModifiedTime(file).toInstant().isBefore(limit) && Files.deleteIfExists(file)) {
                        deleted++;
                    }
                } catch (NoSuchFileException e) {
                    LOG.debug("Another process has already deleted the auditor's copy {}", file);
                }
            }
        }
        return deleted;
    }
}
