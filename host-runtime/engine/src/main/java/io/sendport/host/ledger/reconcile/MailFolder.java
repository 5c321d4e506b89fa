package io.sendport.host.ledger.reconcile;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A folder with one file for each mail, with subfolders: a Maildir, whose {@code tmp} is ignored, or {@code .eml} files.
 */
final class MailFolder implements Archive {

    private static final int BUFFER = 64 * 1024;

    private final Path folder;

    MailFolder(Path folder) {
        this.folder = folder;
    }

    @Override
    public boolean hasBytes() {
        return true;
    }

    @Override
    public void read(Reader reader) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) {
                return String.valueOf(each.getFileName()).equals("tmp") && !each.equals(folder)
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path each, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile() && isMail(each)) {
                    reader.take(mail(each));
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Returns whether a file is a mail: every file in {@code cur} or {@code new} of a Maildir, and every {@code .eml} file. */
    private static boolean isMail(Path file) {
        Path parent = file.getParent();
        String in = parent == null ? "" : String.valueOf(parent.getFileName());
        return in.equals("cur")
                || in.equals("new")
                || String.valueOf(file.getFileName()).endsWith(".eml");
    }

    private ArchivedMail mail(Path file) throws IOException {
        MailDigests digests = new MailDigests();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read; (read = in.read(buffer)) >= 0; ) {
                digests.add(buffer, 0, read);
            }
        } catch (UncheckedIOException e) {
            throw new IOException("cannot read " + file, e);
        }
        return new ArchivedMail(
                digests.mimeMessageId(),
                digests.digests(),
                folder.relativize(file).toString());
    }
}
