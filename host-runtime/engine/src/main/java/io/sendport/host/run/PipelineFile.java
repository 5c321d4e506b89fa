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
 * Records which messages are in a pipeline, in a memory-mapped file. A record costs no system call and survives the process. A slot
 * consists of a byte, which is 1 if the slot is in use, and three texts with their lengths: message, stage and component. Safe for use by
 * several threads.
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
     * Reads the messages that the last process left in {@code file}. Empty after an orderly shutdown, or if the file does not exist.
     *
     * @throws IOException when the file cannot be read
     */
    public static List<Suspects.Suspect> readSuspects(Path file) throws IOException {
        List<Suspects.Suspect> suspects = new ArrayList<>();
        if (!Files.exists(file)) {
            return suspects;
        }
        byte[] all = Files.readAllBytes(file);
        for (int at = 0; at + SLOT <= all.length; at += SLOT) {
            ByteBuffer slot = ByteBuffer.wrap(all, at, SLOT);
            if (slot.get() == 1) {
                String message = text(slot);
                String stage = text(slot);
                String component = text(slot);
                if (message.matches("[0-9a-f-]{36}")) {
                    suspects.add(new Suspects.Suspect(new MessageId(message), stage, component));
                }
            }
        }
        return suspects;
    }

    private static String text(ByteBuffer slot) {
        int length = slot.get() & 0xFF;
        byte[] bytes = new byte[Math.min(length, MAX_TEXT)];
        slot.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * Opens the file, or creates it. Its slots keep the messages of the last process until {@link #clear}.
     *
     * @throws IOException when the file cannot be opened or created
     */
    public static PipelineFile open(Path file) throws IOException {
        OwnerOnly.create(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new PipelineFile(channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) SLOTS * SLOT));
        }
    }

    /** Returns the number of a free slot, or -1 if all are in use; slot -1 stores nothing. */
    synchronized int acquireSlot() {
        return free.isEmpty() ? NONE : free.pop();
    }

    /** Records that the message has reached the component. */
    void set(int slot, MessageId message, String stage, String component) {
        if (slot == NONE) {
            return;
        }
        ByteBuffer bytes = slots.duplicate().position(slot * SLOT);
        // Mark the slot as free while it is written, so that no reader sees a part of it.
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

    /** Frees the slot, because its message has left the pipeline. */
    synchronized void releaseSlot(int slot) {
        if (slot != NONE) {
            slots.put(slot * SLOT, (byte) 0);
            free.push(slot);
        }
    }

    /** Clears all slots: after an orderly end, no message in a pipeline is a suspect. */
    @Override
    public void close() {
        clear();
    }

    /** Clears all slots. At the start, call this after the messages of the last process are stored elsewhere, and before new ones enter. */
    public synchronized void clear() {
        for (int slot = 0; slot < SLOTS; slot++) {
            slots.put(slot * SLOT, (byte) 0);
        }
    }
}
