package io.sendport.host.process.files;

import io.sendport.host.ledger.Ledger;
import io.sendport.host.store.OwnerOnly;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the ledger ended at the last commits of this machine's processes, noted outside the database in a folder beside the place of the
 * store: after a failover they tell whether the database still has what it acknowledged. A file a process, mapped into memory, so that
 * a note costs no call of the operating system and outlives the process. By several threads, each with a slot of its own.
 */
public final class LastCommits {

    private static final int SLOTS = 16;
    private static final int SLOT = 128;
    private static final int HASH = 64;

    private final Path file;
    private final MappedByteBuffer slots;
    private final List<Path> others;

    private LastCommits(Path file, MappedByteBuffer slots, List<Path> others) {
        this.file = file;
        this.slots = slots;
        this.others = List.copyOf(others);
    }

    /**
     * Of the process {@code name}, beside those of earlier ones.
     *
     * @throws IOException when the folder can't be read or written
     */
    public static LastCommits of(Path place, String name) throws IOException {
        Path folder = place.resolveSibling(place.getFileName() + ".last-commit");
        OwnerOnly.createFolder(folder);
        List<Path> others = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            files.forEach(others::add);
        }
        Path file = folder.resolve(name);
        OwnerOnly.create(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new LastCommits(file, channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) SLOTS * SLOT), others);
        }
    }

    /** That connection has committed up to there. */
    public void note(int writer, Ledger.Head head) {
        if (writer >= SLOTS) {
            return;
        }
        int at = writer * SLOT;
        ByteBuffer slot = slots.duplicate().position(at + 1);
        slots.put(at, (byte) 0);
        slot.putLong(head.lane()).putLong(head.seq()).put(head.hash().getBytes(StandardCharsets.US_ASCII));
        slots.put(at, (byte) 1);
    }

    /**
     * What earlier processes of this machine committed and {@code ledger} does not have; empty when it has it all, and those notes are
     * not needed any more.
     *
     * @throws IOException when they can't be read
     */
    public Optional<String> lost(Ledger ledger) throws IOException {
        for (Path other : others) {
            for (Ledger.Head head : heads(other)) {
                // A process that runs may have been writing it: what is read twice alike is whole.
                if (!ledger.has(head) && heads(other).contains(head)) {
                    return Optional.of("record " + head.lane() + ":" + head.seq() + ", which " + other.getFileName()
                            + " had committed, is not there");
                }
            }
        }
        return Optional.empty();
    }

    private static List<Ledger.Head> heads(Path file) throws IOException {
        List<Ledger.Head> heads = new ArrayList<>();
        byte[] all;
        try {
            all = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            // Another process that started meanwhile compared this file with the ledger and removed it.
            return heads;
        }
        for (int at = 0; at + SLOT <= all.length; at += SLOT) {
            ByteBuffer slot = ByteBuffer.wrap(all, at, SLOT);
            if (slot.get() == 1) {
                long lane = slot.getLong();
                long seq = slot.getLong();
                byte[] hash = new byte[HASH];
                slot.get(hash);
                heads.add(new Ledger.Head(lane, seq, new String(hash, StandardCharsets.US_ASCII)));
            }
        }
        return heads;
    }

    /** What is accepted, or there, need not be looked for again. The notes of processes that still run are left. */
    public void forgetEnded() throws IOException {
        for (Path other : others) {
            if (!isRunning(String.valueOf(other.getFileName()))) {
                Files.deleteIfExists(other);
            }
        }
    }

    private static boolean isRunning(String name) {
        String[] parts = name.split("-");
        try {
            return parts.length >= 2
                    && ProcessHandle.of(Long.parseLong(parts[parts.length - 2])).isPresent();
        } catch (NumberFormatException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
