package io.sendport.host.run;

import io.sendport.api.message.MessageId;
import io.sendport.host.box.Suspects;
import io.sendport.host.store.OwnerOnly;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Records which messages are in a pipeline, in a memory-mapped file. What a process writes there survives the process and costs no
 * system call. A slot consists of a byte that says whether it is taken, and three texts with their lengths: message, stage,
 * component. Safe for use by several threads.
 */
public final class PipelineFile implements AutoCloseable {

    private static final int SLOTS = 1024;
    private static final int SLOT = 256;
    private static final int MAX_TEXT = 80;
    private static final int NONE = -1;

    private final MappedByteBuffer slots;
    private final Deque<Integer> free = new ArrayDeque<>();

    private PipelineFile(MappedByteBuffer slots) {
        this.slots = slots;
        for (int i = SLOTS - 1; i >= 0; i--) {
            free.push(i);
        }
    }

    /**
     * The messages that the last process left in {@code file}. Empty after an orderly shutdown, or if the file does not exist.
     *
     * @throws IOException when it cannot be read
     */
    public static List<Suspects.Suspect> left(Path file) throws IOException {
        List<Suspects.Suspect> left = new ArrayList<>();
        if (!Files.exists(file)) {
            return left;
        }
        byte[] all = Files.readAllBytes(file);
        for (int at = 0; at + SLOT <= all.length; at += SLOT) {
            ByteBuffer slot = ByteBuffer.wrap(all, at, SLOT);
            if (slot.get() == 1) {
                String message = text(slot);
                String stage = text(slot);
                String component = text(slot);
                if (message.matches("[0-9a-f-]{36}")) {
                    left.add(new Suspects.Suspect(new MessageId(message), stage, component));
                }
            }
        }
        return left;
    }

    private static String text(ByteBuffer slot) {
        int length = slot.get() & 0xFF;
        byte[] bytes = new byte[Math.min(length, MAX_TEXT)];
        slot.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * Opens the file, or creates it. Its slots keep what the last process left until {@link #forget}.
     *
     * @throws IOException when it cannot be created
     */
    public static PipelineFile begin(Path file) throws IOException {
        OwnerOnly.create(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new PipelineFile(channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) SLOTS * SLOT));
        }
    }

    /** Returns a free slot; if all are taken, one that stores nothing. */
    synchronized int take() {
        return free.isEmpty() ? NONE : free.pop();
    }

    /** Records that the message is with the component. */
    void set(int slot, MessageId message, String stage, String component) {
        if (slot == NONE) {
            return;
        }
        ByteBuffer bytes = slots.duplicate().position(slot * SLOT);
        // Mark the slot free while it is being written, so that no reader sees half of it.
        slots.put(slot * SLOT, (byte) 0);
        bytes.get();
        put(bytes, message.value());
        put(bytes, stage);
        put(bytes, component);
        slots.put(slot * SLOT, (byte) 1);
    }

    private static void put(ByteBuffer to, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] cut = bytes.length > MAX_TEXT ? Arrays.copyOf(bytes, MAX_TEXT) : bytes;
        to.put((byte) cut.length).put(cut);
    }

    /** Frees the slot: its message has left the pipeline. */
    synchronized void clear(int slot) {
        if (slot != NONE) {
            slots.put(slot * SLOT, (byte) 0);
            free.push(slot);
        }
    }

    /** On an orderly close, the next process takes over all messages in hand; none of them is a suspect. */
    @Override
    public void close() {
        forget();
    }

    /** Clears what the last process left, after it has been stored elsewhere. Call this before any message is in hand. */
    public synchronized void forget() {
        for (int slot = 0; slot < SLOTS; slot++) {
            slots.put(slot * SLOT, (byte) 0);
        }
    }
}
