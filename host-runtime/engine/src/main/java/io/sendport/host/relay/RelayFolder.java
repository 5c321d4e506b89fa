package io.sendport.host.relay;

import io.sendport.host.ledger.CanonicalJson;
import io.sendport.host.store.OwnerOnly;
import io.sendport.host.store.commit.StoreException;
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
 * The folder of an embedded relay, which only that relay uses. {@code N.eml} is a received mail, and {@code N.json} is its envelope. The
 * folders {@code waiting} and {@code failed} have a progress file {@code N.json} for each mail that the next hop does not have. Methods
 * return once their writes are on disk. Safe for use by several threads.
 */
final class RelayFolder implements AutoCloseable {

    static final String WAITING = "waiting";
    static final String FAILED = "failed";

    private final Path folder;
    private final FileChannel lock;
    private final AtomicLong number;

    /**
     * Opens the folder, and creates it if needed.
     *
     * @throws IOException when it cannot be created, or another relay uses it
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
            // A relay of this process holds the lock.
        }
        if (taken == null) {
            lock.close();
            throw new StoreException(
                    "another embedded relay uses the folder " + folder
                            + ". Two relays would overwrite each other's mails. Stop the other process, or configure a separate"
                            + " archive for each relay",
                    null);
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

    /** The number in {@code N.eml} or {@code N.json}; 0 for other names. */
    static long number(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.matches("\\d{1,15}\\.(eml|json|part)") ? Long.parseLong(name.substring(0, name.indexOf('.'))) : 0;
    }

    /** A number that was never used. */
    long next() {
        return number.incrementAndGet();
    }

    /** The temporary file of a mail that is being written. */
    Path part(long no) throws IOException {
        Path part = folder.resolve(no + ".part");
        OwnerOnly.create(part);
        return part;
    }

    /** The file of a stored mail. */
    Path mail(long no) {
        return folder.resolve(no + ".eml");
    }

    /** Stores a mail whose bytes are on disk as {@link #part}. */
    void file(long no, Map<String, Object> envelope) throws IOException {
        write(folder.resolve(no + ".json"), envelope);
        Files.move(folder.resolve(no + ".part"), mail(no), StandardCopyOption.ATOMIC_MOVE);
        OwnerOnly.syncFolder(folder);
    }

    /** Writes the progress file of a mail into {@code place}, and replaces an earlier one. */
    void keep(String place, RelayProgress progress) throws IOException {
        Path file = folder.resolve(place).resolve(progress.number() + ".json");
        write(file, progress.asMap());
        OwnerOnly.syncFolder(folder.resolve(place));
    }

    /** Deletes the progress file of a mail that no longer waits. */
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

    /** Reads the progress file of a waiting mail. */
    RelayProgress waiting(long no) throws IOException {
        return RelayProgress.read(folder.resolve(WAITING).resolve(no + ".json"));
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
            throw new java.io.UncheckedIOException("cannot release the lock of " + folder, e);
        }
    }
}
