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
 * Which messages are in a pipeline, in a file that is mapped into memory: what a process writes there is still there when it dies, and
 * costs no call of the operating system. A slot is a byte that says whether it is taken, and three texts with their lengths: message,
 * stage, component. Safe for use by several threads.
 */
public final class InHandFile implements AutoCloseable {

    private static final int SLOTS = 1024;
    private static final int SLOT = 256;
    private static final int LONGEST_TEXT = 80;
    private static final int NONE = -1;

    private final MappedByteBuffer slots;
    private final Deque<Integer> free = new ArrayDeque<>();

    private InHandFile(MappedByteBuffer slots) {
        this.slots = slots;
        for (int i = SLOTS - 1; i >= 0; i--) {
            free.push(i);
        }
    }

    /**
     * What the last process left in {@code file}: none after an orderly end, or where there is no such file.
     *
     * @throws IOException when it can't be read
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
        byte[] bytes = new byte[Math.min(length, LONGEST_TEXT)];
        slot.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * Goes on with a file, whose slots stay as the last process left them until {@link #forget}.
     *
     * @throws IOException when it can't be made
     */
    public static InHandFile begin(Path file) throws IOException {
        OwnerOnly.create(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new InHandFile(channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) SLOTS * SLOT));
        }
    }

    /** A slot; one that holds nothing where all are taken. */
    synchronized int take() {
        return free.isEmpty() ? NONE : free.pop();
    }

    /** That message is with that component. */
    void set(int slot, MessageId message, String stage, String component) {
        if (slot == NONE) {
            return;
        }
        ByteBuffer bytes = slots.duplicate().position(slot * SLOT);
        // Not to be read while it is written.
        slots.put(slot * SLOT, (byte) 0);
        bytes.get();
        put(bytes, message.value());
        put(bytes, stage);
        put(bytes, component);
        slots.put(slot * SLOT, (byte) 1);
    }

    private static void put(ByteBuffer to, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] cut = bytes.length > LONGEST_TEXT ? Arrays.copyOf(bytes, LONGEST_TEXT) : bytes;
        to.put((byte) cut.length).put(cut);
    }

    /** Its message left the pipeline. */
    synchronized void clear(int slot) {
        if (slot != NONE) {
            slots.put(slot * SLOT, (byte) 0);
            free.push(slot);
        }
    }

    /** Whatever is in hand is taken over by who comes next, and killed nothing. */
    @Override
    public void close() {
        forget();
    }

    /** What the last process left is noted elsewhere. To be called before anything is in hand. */
    public synchronized void forget() {
        for (int slot = 0; slot < SLOTS; slot++) {
            slots.put(slot * SLOT, (byte) 0);
        }
    }
}
