package io.sendport.host.store;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** Creates files and folders that only the service user can read, on file systems with permissions. */
public final class OwnerOnly {

    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private OwnerOnly() {}

    /** Whether the file system has POSIX permissions. */
    static boolean hasModes() {
        return POSIX;
    }

    /** Creates an empty file, mode 0600; an existing file stays unchanged. */
    public static void create(Path file) throws IOException {
        try {
            Files.createFile(file, attributes("rw-------"));
        } catch (FileAlreadyExistsException e) {
            // Another process created the file first: use that file.
        }
    }

    /**
     * Creates and opens a new file, mode 0600. Never follows a symbolic link, and never writes into a file that somebody else created.
     *
     * @throws FileAlreadyExistsException when a file or link with this name exists
     */
    public static OutputStream newFile(Path file) throws IOException {
        return Channels.newOutputStream(Files.newByteChannel(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes("rw-------")));
    }

    /** Creates a folder, mode 0700, with missing parent folders; an existing folder stays unchanged. */
    public static void createFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, attributes("rwx------"));
        }
    }

    /**
     * Checks the mode of an existing folder, which other users may be able to read or write.
     *
     * @return the problem and the remedy; empty when only the owner has access, or the file system has no modes
     */
    public static Optional<String> wideMode(Path folder) {
        if (!POSIX || !Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(folder);
            Set<PosixFilePermission> owners = PosixFilePermissions.fromString("rwx------");
            return owners.containsAll(mode)
                    ? Optional.empty()
                    : Optional.of("The folder " + folder.toAbsolutePath().normalize() + " of the message box has mode "
                            + PosixFilePermissions.toString(mode)
                            + ", expected rwx------. Other users of this machine can reach it. Run: chmod 700 "
                            + folder.toAbsolutePath().normalize());
        } catch (IOException e) {
            return Optional.of(
                    "The mode of the folder " + folder + " of the message box cannot be read: " + e.getMessage());
        }
    }

    /**
     * Checks the mode of a file that holds a secret. Its group may read it.
     *
     * @return the problem; empty when there is none, or the file system has no modes
     */
    public static Optional<String> wideFile(Path file) {
        if (!POSIX) {
            return Optional.empty();
        }
        try {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
            return PosixFilePermissions.fromString("rwxr-----").containsAll(mode)
                    ? Optional.empty()
                    : Optional.of("the file " + file + " has mode " + PosixFilePermissions.toString(mode)
                            + ", so that other users of this machine can read or change it");
        } catch (IOException e) {
            return Optional.of("the mode of the file " + file + " cannot be read: " + e.getMessage());
        }
    }

    private static FileAttribute<?>[] attributes(String mode) {
        return POSIX
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))}
                : new FileAttribute<?>[0];
    }

    /** Syncs the entries of {@code folder}: otherwise a file that was moved there may be missing after a crash. */
    public static void syncFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /**
     * Creates {@code file} with {@code content} atomically. If another process of this machine creates the file first, that file stays.
     *
     * @throws IOException when it cannot be created
     */
    public static void createOnce(Path file, String content) throws IOException {
        Path part = file.resolveSibling(
                file.getFileName() + "." + ProcessHandle.current().pid());
        create(part);
        Files.writeString(part, content, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.SYNC);
        try {
            Files.createLink(file, part);
        } catch (FileAlreadyExistsException e) {
            // Another process created the file first: both use that file.
        } finally {
            Files.delete(part);
        }
    }
}
