package io.sendport.host.box.body;

import io.sendport.api.message.Body;
import io.sendport.host.ledger.Hashing;
import io.sendport.host.store.Store;
import io.sendport.host.store.commit.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongConsumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Stores bodies. A body of up to 1 MB is stored in the row that owns it. A larger one is stored in chunks, which are on disk before that
 * row. This class holds only two chunks of a large body in memory. Methods throw
 * {@link io.sendport.host.store.commit.StoreException} when the database fails.
 */
public final class BodyStore {

    /** Bodies up to this size are stored in their row. */
    public static final int INLINE = 1024 * 1024;

    private static final int CHUNK = 512 * 1024;

    /** The number of chunks that a transaction deletes: two megabytes, so that other writers do not wait long. */
    private static final int CHUNKS_AT_ONCE = 4;

    private final Store store;
    private final Clock clock;
    private final BodyKeys keys;
    private final int lead;

    /** Bodies in {@code store}, encrypted with {@code keys}. */
    public BodyStore(Store store, Clock clock, BodyKeys keys) {
        this.store = store;
        this.clock = clock;
        this.keys = keys;
        this.lead = store.pageOfMovedRows();
    }

    /** The form of newly stored bodies. */
    private BodyForm form() {
        return new BodyForm(lead, keys.writing());
    }

    private BodyForm form(int lead, @Nullable String keyId) {
        return new BodyForm(lead, keyId == null ? null : keys.reading(keyId));
    }

    /**
     * A body as a row stores it: either bytes or the id of chunks.
     *
     * @param inline the clear body; null when it is in chunks
     * @param inRow the bytes stored in the row; null when the body is in chunks
     * @param chunks the id of the chunks; null when the body is in the row
     * @param form how row and chunks store the bytes
     * @param size the size of the body, in bytes
     * @param sha256 the SHA-256 of the body
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    public record Stored(
            byte @Nullable [] inline,
            byte @Nullable [] inRow,
            @Nullable String chunks,
            BodyForm form,
            long size,
            String sha256) {}

    /**
     * A body as read from a row.
     *
     * @param inRow the bytes stored in the row; null when the body is in chunks
     * @param chunks the id of the chunks; null when the body is in the row
     * @param lead the number of zero bytes before the stored bytes
     * @param keyId the id of the key that encrypts the bytes; null for clear text
     * @param size the size of the body, in bytes
     * @param sha256 the SHA-256 of the body
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    public record Kept(
            byte @Nullable [] inRow,
            @Nullable String chunks,
            int lead,
            @Nullable String keyId,
            long size,
            String sha256) {}

    private Stored inline(byte[] bytes, BodyPlace place) {
        MessageDigest digest = Hashing.sha256();
        digest.update(bytes);
        BodyForm form = form();
        return new Stored(
                bytes,
                form.stored(bytes, place),
                null,
                form,
                bytes.length,
                HexFormat.of().formatHex(digest.digest()));
    }

    /**
     * Prepares {@code body} for its row, and stores chunks if it is large.
     *
     * @param place the place of that row
     * @throws BodyKeyException when encryption is configured and the key is not available
     * @throws IOException when the body cannot be read; nothing is stored then
     */
    public Stored put(Body body, BodyPlace place) throws IOException {
        try (InputStream in = body.open()) {
            byte[] first = in.readNBytes(INLINE + 1);
            if (first.length <= INLINE) {
                return inline(first, place);
            }
            String id = UUID.randomUUID().toString();
            try {
                return chunked(id, first, in);
            } catch (IOException | RuntimeException e) {
                discard(id, e);
                throw e;
            }
        }
    }

    private Stored chunked(String id, byte[] first, InputStream rest) throws IOException {
        BodyForm form = form();
        MessageDigest digest = Hashing.sha256();
        store.change(transaction ->
                transaction.handle().execute("INSERT INTO body (id, created_at) VALUES (?, ?)", id, clock.millis()));
        long size = 0;
        int no = 0;
        byte[] next = rest.readNBytes(CHUNK);
        for (byte[] chunk = first; chunk.length > 0; chunk = next, next = rest.readNBytes(CHUNK)) {
            int number = no++;
            byte[] bytes = form.stored(chunk, BodyPlace.chunk(id, number, next.length == 0));
            digest.update(chunk);
            store.change(transaction -> transaction
                    .handle()
                    .execute("INSERT INTO body_chunk (body_id, no, bytes) VALUES (?, ?, ?)", id, number, bytes));
            size += chunk.length;
        }
        return new Stored(null, null, id, form, size, HexFormat.of().formatHex(digest.digest()));
    }

    /**
     * Deletes the chunks of bodies that no row will refer to.
     *
     * @param why the failure that caused this. If deleting fails too, the second failure is added to it as suppressed, and upkeep deletes
     *     the chunks after a day
     */
    public void discard(List<Stored> bodies, Throwable why) {
        for (Stored body : bodies) {
            String id = body.chunks();
            if (id != null) {
                discard(id, why);
            }
        }
    }

    private void discard(String id, Throwable why) {
        try {
            delete(id);
        } catch (StoreException e) {
            why.addSuppressed(e);
        }
    }

    /** Deletes the chunks {@code id}, a few in each transaction. */
    public void delete(String id) {
        delete(id, nanos -> {});
    }

    /** Deletes as {@link #delete(String)} does. After each transaction, {@code rest} gets the time that it took, in nanoseconds. */
    public void delete(String id, LongConsumer rest) {
        boolean more = true;
        while (more) {
            long asked = System.nanoTime();
            more = store.write(transaction -> deleteSome(transaction.handle(), id));
            rest.accept(System.nanoTime() - asked);
        }
    }

    /**
     * Prepares a small body for its row.
     *
     * @throws IOException when it cannot be read
     */
    public Stored small(Body body, BodyPlace place) throws IOException {
        try (InputStream in = body.open()) {
            return inline(in.readNBytes(INLINE), place);
        }
    }

    /**
     * Returns the body of a row. Reading a body in chunks fails if it differs from what was stored, so damaged content is never sent.
     *
     * @param kept the columns of the row
     * @param place the place of the row
     * @throws DamagedException when bytes in the row were changed
     * @throws BodyKeyException when the body is encrypted and the key is not available
     */
    public Body body(Kept kept, BodyPlace place) {
        BodyForm form = form(kept.lead(), kept.keyId());
        long size = kept.size();
        String sha256 = kept.sha256();
        String chunks = kept.chunks();
        if (chunks != null) {
            return new SealedBody(new Chunked(chunks, form, size), sha256, "body " + chunks);
        }
        byte[] inRow = kept.inRow();
        byte[] bytes = inRow == null ? new byte[0] : form.clear(inRow, place);
        MessageDigest digest = Hashing.sha256();
        digest.update(bytes);
        if (bytes.length != size || !HexFormat.of().formatHex(digest.digest()).equals(sha256)) {
            throw new DamagedException(
                    "a body of " + size + " bytes differs from what was submitted: the message box is damaged."
                            + " Check the disk and the database, then terminate this message and submit it again");
        }
        return Body.wrapping(bytes);
    }

    /** Deletes the chunks {@code id} within the transaction of {@code handle}. */
    public static void delete(Handle handle, String id) {
        handle.execute("DELETE FROM body_chunk WHERE body_id = ?", id);
        handle.execute("DELETE FROM body WHERE id = ?", id);
    }

    /** Deletes some chunks, or the body once it has none. Returns whether there is more to delete. */
    private static boolean deleteSome(Handle handle, String id) {
        int deleted = handle.execute(
                "DELETE FROM body_chunk WHERE body_id = ? AND no IN"
                        + " (SELECT no FROM body_chunk WHERE body_id = ? ORDER BY no LIMIT ?)",
                id,
                id,
                CHUNKS_AT_ONCE);
        return deleted > 0 || handle.execute("DELETE FROM body WHERE id = ?", id) > 0;
    }

    private final class Chunked implements Body {
        private final String id;
        private final BodyForm form;
        private final long size;

        Chunked(String id, BodyForm form, long size) {
            this.id = id;
            this.form = form;
            this.size = size;
        }

        @Override
        public InputStream open() {
            return new ChunkInput(id, form, size);
        }

        @Override
        public long size() {
            return size;
        }
    }

    private final class ChunkInput extends InputStream {
        private final String id;
        private final BodyForm form;
        private final long size;
        private byte[] chunk = new byte[0];
        private int position;
        private int next;
        private long loaded;

        ChunkInput(String id, BodyForm form, long size) {
            this.id = id;
            this.form = form;
            this.size = size;
        }

        @Override
        public int read() throws IOException {
            return fill() ? chunk[position++] & 0xFF : -1;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!fill()) {
                return -1;
            }
            int count = Math.min(length, chunk.length - position);
            System.arraycopy(chunk, position, bytes, offset, count);
            position += count;
            return count;
        }

        private boolean fill() throws IOException {
            if (position < chunk.length) {
                return true;
            }
            Optional<byte[]> stored =
                    store.read(handle -> handle.createQuery("SELECT bytes FROM body_chunk WHERE body_id = ? AND no = ?")
                            .bind(0, id)
                            .bind(1, next)
                            .map((row, context) -> row.getBytes(1))
                            .findOne());
            if (stored.isEmpty() && next == 0) {
                throw new IOException("body " + id + " is missing in the message box");
            }
            position = 0;
            chunk = stored.isPresent() ? clear(stored.get()) : new byte[0];
            next++;
            return chunk.length > 0;
        }

        private byte[] clear(byte[] stored) throws IOException {
            loaded += form.clearSize(stored.length);
            try {
                return form.clear(stored, BodyPlace.chunk(id, next, loaded == size));
            } catch (DamagedException e) {
                throw new IOException("body " + id + " differs from what was submitted: " + e.getMessage(), e);
            }
        }

        @Override
        public void close() {
            chunk = Arrays.copyOf(chunk, 0);
            position = 0;
        }
    }
}
