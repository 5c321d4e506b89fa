package io.sendport.host.process.files;

import io.sendport.host.ledger.Ledger;
import io.sendport.host.store.OwnerOnly;
import io.sendport.host.store.commit.ServerIdentity;
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
 * The heads of the ledger at the last commits of the processes on this machine, and the database servers that took those commits. They
 * are in a folder outside the database. After a failover they show whether the database still has all acknowledged commits.
 *
 * <p>Each process has a memory-mapped file, so a note costs no system call and survives the process. Each thread writes its own slot; one
 * thread at a time notes the server.
 */
public final class LastCommits {

    private static final int SLOTS = 16;
    private static final int SLOT = 128;
    private static final int HASH = 64;
    /** The position of the server's slot, after the slots of the writers. */
    private static final int SERVER = SLOTS * SLOT;

    /** Marks a slot with a server. Not 1, because earlier programs read this slot as that of a writer and skip every other byte. */
    private static final byte IS_SERVER = 2;

    private final Path file;
    private final MappedByteBuffer slots;
    private final List<Path> earlier;

    private LastCommits(Path file, MappedByteBuffer slots, List<Path> earlier) {
        this.file = file;
        this.slots = slots;
        this.earlier = List.copyOf(earlier);
    }

    /**
     * Creates the file of the process {@code name}, and finds the files of other processes.
     *
     * @param place the place of the store; the folder is beside it
     * @throws IOException when the folder cannot be read or written
     */
    public static LastCommits open(Path place, String name) throws IOException {
        Path folder = place.resolveSibling(place.getFileName() + ".last-commit");
        OwnerOnly.createFolder(folder);
        List<Path> earlier = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            files.forEach(earlier::add);
        }
        Path file = folder.resolve(name);
        OwnerOnly.create(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new LastCommits(file, channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) SERVER + SLOT), earlier);
        }
    }

    /** Notes the head of a lane that the connection {@code writer} has committed. Ignores connections from number 16 on. */
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

    /** Notes the database server that takes the commits of this process from now on. */
    public void note(ServerIdentity server) {
        slots.put(SERVER, (byte) 0);
        slots.duplicate().position(SERVER + 1).putLong(server.system()).putLong(server.timeline());
        slots.put(SERVER, IS_SERVER);
    }

    /**
     * Describes the first loss: a commit of another process on this machine that {@code ledger} lacks, or a server that has lost a
     * timeline. Empty when nothing is missing; the files of ended processes are then no longer needed.
     *
     * @param server the server that has the ledger now; empty if unknown
     * @throws IOException when a file cannot be read
     */
    public Optional<String> lost(Ledger ledger, Optional<ServerIdentity> server) throws IOException {
        for (Path other : earlier) {
            Optional<ServerIdentity> before = server(other);
            if (server.isPresent()
                    && before.filter(server.get()::isEarlierTimelineOf).isPresent()) {
                return Optional.of(server.get().describeLoss(before.get()));
            }
            for (Ledger.Head head : heads(other)) {
                // Read the file twice, because a running process may be writing it: two equal readings are consistent.
                if (!ledger.has(head) && heads(other).contains(head)) {
                    return Optional.of("record " + head.lane() + ":" + head.seq() + ", committed by "
                            + other.getFileName()
                            + before.map(each -> " on " + each).orElse("") + ", is missing"
                            + server.map(each -> " on " + each).orElse(""));
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<ServerIdentity> server(Path file) throws IOException {
        byte[] all = read(file);
        if (all.length < SERVER + SLOT || all[SERVER] != IS_SERVER) {
            return Optional.empty();
        }
        ByteBuffer slot = ByteBuffer.wrap(all, SERVER + 1, SLOT - 1);
        return Optional.of(new ServerIdentity(slot.getLong(), slot.getLong()));
    }

    private static byte[] read(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            // Another process has compared this file with the ledger and deleted it.
            return new byte[0];
        }
    }

    private static List<Ledger.Head> heads(Path file) throws IOException {
        List<Ledger.Head> heads = new ArrayList<>();
        byte[] all = read(file);
        for (int at = 0; at < SERVER && at + SLOT <= all.length; at += SLOT) {
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

    /**
     * Deletes the files of ended processes. Call this once their commits were found, or their loss was declared.
     *
     * @throws IOException when a file cannot be deleted
     */
    public void forgetEnded() throws IOException {
        for (Path other : earlier) {
            if (!ProcessName.isRunning(String.valueOf(other.getFileName()))) {
                Files.deleteIfExists(other);
            }
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
