package io.sendport.host.pipeline;

import io.sendport.api.host.TemporaryWorkspace;
import io.sendport.api.message.Body;
import io.sendport.host.store.OwnerOnly;
import io.sendport.host.store.commit.Writer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores bodies that components write. A body of up to 64 KB stays in memory. A body of up to 1 MB stays in memory if {@link BodyMemory}
 * has room. Any other body is written to a file, which is deleted when the workspace closes.
 */
public final class SpoolWorkspace implements TemporaryWorkspace {

    private static final Logger LOG = LoggerFactory.getLogger(SpoolWorkspace.class);
    private static final int IN_MEMORY = 1024 * 1024;
    /** Bodies up to this size are not counted in {@link BodyMemory}, because only some hundred messages are in pipelines. */
    private static final int SMALL = 64 * 1024;

    private final SpoolPlace place;
    private final List<Path> files = new ArrayList<>();
    private long taken;

    /** Uses {@code place} for files. */
    public SpoolWorkspace(SpoolPlace place) {
        this.place = place;
    }

    @Override
    public Body write(Writer writer) throws IOException {
        Spool spool = new Spool();
        try (spool) {
            writer.writeTo(spool);
        } catch (IOException | RuntimeException e) {
            spool.discard();
            throw e;
        }
        return spool.body();
    }

    /** Reserves memory for a body of more than 64 KB; false if there is none. */
    private synchronized boolean reserveMemory() {
        boolean isTaken = place.memory().take(IN_MEMORY);
        taken += isTaken ? IN_MEMORY : 0;
        return isTaken;
    }

    private synchronized void giveBack() {
        place.memory().giveBack(IN_MEMORY);
        taken -= IN_MEMORY;
    }

    private synchronized Path newFile() throws IOException {
        Path file = place.folder().resolve(UUID.randomUUID() + ".spool");
        OwnerOnly.create(file);
        files.add(file);
        return file;
    }

    @Override
    public synchronized void close() {
        for (Path file : files) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LOG.warn(
                        "cannot delete the spool file {}. Nothing needs to be done: the next start of this host deletes it",
                        file,
                        e);
            }
        }
        files.clear();
        place.memory().giveBack(taken);
        taken = 0;
    }

    private final class Spool extends OutputStream {
        private final ByteArrayOutputStream memory = new ByteArrayOutputStream(4096);
        private @Nullable Path file;
        private @Nullable OutputStream out;
        private final SpoolPlace.Form form = place.newForm();
        private long size;
        private boolean isReserved;

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            OutputStream target = out;
            if (target == null && !isReserved && size + length > SMALL && size + length <= IN_MEMORY) {
                isReserved = reserveMemory();
            }
            if (target == null && size + length > (isReserved ? IN_MEMORY : SMALL)) {
                if (isReserved) {
                    giveBack();
                }
                Path made = newFile();
                target = new java.io.BufferedOutputStream(form.write(made), 64 * 1024);
                memory.writeTo(target);
                memory.reset();
                file = made;
                out = target;
            }
            if (target == null) {
                memory.write(bytes, offset, length);
            } else {
                target.write(bytes, offset, length);
            }
            size += length;
        }

        @Override
        public void close() throws IOException {
            if (out != null) {
                out.close();
            }
        }

        void discard() throws IOException {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        }

        Body body() {
            Path spooled = file;
            return spooled == null ? Body.wrapping(memory.toByteArray()) : new SpooledBody(spooled, form, size);
        }
    }

    private record SpooledBody(Path file, SpoolPlace.Form form, long size) implements Body {
        @Override
        public InputStream open() throws IOException {
            return form.read(file);
        }
    }
}
