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
 * Copies of mails that only an auditor can read: {@code ab/ab12....p7m} for message {@code ab12...}, CMS in DER. A method returns
 * once the file is on disk. Safe for use by several threads and processes.
 */
public final class AuditorCopies {

    private static final Logger LOG = LoggerFactory.getLogger(AuditorCopies.class);

    private final Path folder;

    private AuditorCopies(Path folder) {
        this.folder = folder;
    }

    /** The copies in the configured folder, or else beside the store at {@code place}. */
    public static AuditorCopies of(Path place, AuditLedgerSettings settings) {
        return new AuditorCopies(folder(place, settings));
    }

    /** The configured folder, or else the one beside the store. */
    public static Path folder(Path place, AuditLedgerSettings settings) {
        return settings.auditorCopies().orElse(place.resolveSibling(place.getFileName() + ".auditor-copies"));
    }

    /**
     * The encryption of copies.
     *
     * @throws IllegalStateException when the class path has none
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
     * Writes a copy.
     *
     * @param same whether a copy from an earlier attempt is of the same mail: then it stays, otherwise it is replaced
     * @return SHA-256 of the file, hex
     * @throws IOException when it could not be written, or the auditor's certificate has expired
     */
    public String keep(MessageId message, Envelope envelope, Body mail, boolean same) throws IOException {
        Path file = file(message.value());
        if (same && Files.exists(file)) {
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

    /** Deletes the copies of {@code messages}, if there are any. */
    public void delete(Collection<String> messages) throws IOException {
        for (String message : messages) {
            Files.deleteIfExists(file(message));
        }
    }

    /**
     * Deletes copies from before {@code then}.
     *
     * @return how many
     */
    public int prune(Instant then) throws IOException {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        int deleted = 0;
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(folder, Files::isDirectory)) {
            for (Path each : folders) {
                deleted += prune(each, then);
            }
        }
        return deleted;
    }

    private static int prune(Path directory, Instant then) throws IOException {
        int deleted = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.{p7m,part}")) {
            for (Path file : files) {
                try {
                    if (Files.getLastModifiedTime(file).toInstant().isBefore(then) && Files.deleteIfExists(file)) {
                        deleted++;
                    }
                } catch (NoSuchFileException e) {
                    LOG.debug("another process has already deleted {}", file);
                }
            }
        }
        return deleted;
    }
}
