package io.sendport.host.relay;

import io.sendport.host.ledger.CanonicalJson;
import io.sendport.host.store.OwnerOnly;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * The folder of an embedded relay, and its alone: {@code N.eml}, a mail as it came, and {@code N.json}, its envelope; in
 * {@code waiting} and {@code failed} an {@code N.json} for each mail that has not reached the next hop. What is said to be written is
 * on disk. Safe for use by several threads.
 */
final class RelayFolder implements AutoCloseable {

    static final String WAITING = "waiting";
    static final String FAILED = "failed";

    private final Path folder;
    private final FileChannel lock;
    private final AtomicLong number;

    /**
     * Takes the folder, and makes it where there is none.
     *
     * @throws IOException when it can't be made, or another relay files there
     */
    RelayFolder(Path folder) throws IOException {
        this.folder = folder;
        OwnerOnly.createFolder(folder);
        OwnerOnly.createFolder(folder.resolve(WAITING));
        OwnerOnly.createFolder(folder.resolve(FAILED));
        Path file = folder.resolve(".lock");
        OwnerOnly.create(file);
        lock = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock taken = null;
        try {
            taken = lock.tryLock();
        } catch (OverlappingFileLockException e) {
            // By this process.
        }
        if (taken == null) {
            lock.close();
            throw new IOException("another embedded relay files in " + folder
                    + ": two would overwrite each other's mails; give each an archive of its own");
        }
        number = new AtomicLong(Math.max(newest(folder), newest(folder.resolve(WAITING))));
    }

    private static long newest(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(RelayFolder::number)
                    .mapToLong(Long::longValue)
                    .max()
                    .orElse(0);
        }
    }

    /** Of {@code N.eml} and {@code N.json}; 0 for other names. */
    static long number(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.matches("\\d{1,15}\\.(eml|json|part)") ? Long.parseLong(name.substring(0, name.indexOf('.'))) : 0;
    }

    /** A number that no mail has had. */
    long next() {
        return number.incrementAndGet();
    }

    /** Where a mail is written before it is whole. */
    Path part(long no) throws IOException {
        Path part = folder.resolve(no + ".part");
        OwnerOnly.create(part);
        return part;
    }

    /** A mail that was filed. */
    Path mail(long no) {
        return folder.resolve(no + ".eml");
    }

    /** Files a mail whose bytes are on disk as {@link #part}. */
    void file(long no, Map<String, Object> envelope) throws IOException {
        write(folder.resolve(no + ".json"), envelope);
        Files.move(folder.resolve(no + ".part"), mail(no), StandardCopyOption.ATOMIC_MOVE);
        OwnerOnly.syncFolder(folder);
    }

    /** Writes where a mail stands on its way, in the place of what was there. */
    void keep(String place, Passage passage) throws IOException {
        Path file = folder.resolve(place).resolve(passage.number() + ".json");
        write(file, passage.asMap());
        OwnerOnly.syncFolder(folder.resolve(place));
    }

    /** It has nothing to wait for any more. */
    void forget(long no) throws IOException {
        Files.deleteIfExists(folder.resolve(WAITING).resolve(no + ".json"));
        OwnerOnly.syncFolder(folder.resolve(WAITING));
    }

    /** The numbers of mails in {@code place}, lowest first. */
    List<Long> numbers(String place) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(place))) {
            return files.map(RelayFolder::number).filter(no -> no > 0).sorted().toList();
        }
    }

    /** Where a mail stands. */
    Passage waiting(long no) throws IOException {
        return Passage.read(folder.resolve(WAITING).resolve(no + ".json"));
    }

    private static void write(Path file, Map<String, Object> json) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        OwnerOnly.create(part);
        Files.writeString(
                part,
                CanonicalJson.of(json) + "\n",
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.SYNC);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public String toString() {
        return folder.toString();
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("the lock of " + folder + " could not be given back", e);
        }
    }
}
