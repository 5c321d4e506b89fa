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

/** Makes files and folders that only the service user may read, where the file system knows the difference. */
public final class OwnerOnly {

    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private OwnerOnly() {}

    /** An empty file, mode 0600; one that is there already stays as it is. */
    public static void create(Path file) throws IOException {
        try {
            Files.createFile(file, attributes("rw-------"));
        } catch (FileAlreadyExistsException e) {
            // Another process was faster; the file is what was wanted.
        }
    }

    /**
     * Opens a file that this call makes, mode 0600. The content goes into that file and no other: the caller never follows a symbolic
     * link and never writes into a file that somebody else made.
     *
     * @throws FileAlreadyExistsException when there is a file or a link of this name
     */
    public static OutputStream newFile(Path file) throws IOException {
        return Channels.newOutputStream(Files.newByteChannel(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes("rw-------")));
    }

    /** A folder, mode 0700, with the folders above it that are missing; one that is there already stays as it is. */
    public static void createFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, attributes("rwx------"));
        }
    }

    /**
     * What is wrong with the mode of a folder that was there before: others may look into it, or worse.
     *
     * @return what it is and what to do; empty when only the owner has access, or the file system knows no modes
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
     * What is wrong with the mode of a file that holds a secret. Its group may read it.
     *
     * @return what it is; empty when nothing is, or the file system knows no modes
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

    /** Waits until the names in {@code folder} are on disk: a file that was moved there is not found after a crash otherwise. */
    public static void syncFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /**
     * Makes {@code file} with {@code content}, whole or not at all; where another process of this machine was faster, its file stays.
     *
     * @throws IOException when it can't be made
     */
    public static void createOnce(Path file, String content) throws IOException {
        Path part = file.resolveSibling(
                file.getFileName() + "." + ProcessHandle.current().pid());
        create(part);
        Files.writeString(part, content, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.SYNC);
        try {
            Files.createLink(file, part);
        } catch (FileAlreadyExistsException e) {
            // There is one for both.
        } finally {
            Files.delete(part);
        }
    }
}
