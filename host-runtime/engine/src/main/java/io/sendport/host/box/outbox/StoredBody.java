package io.sendport.host.box.outbox;

import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.host.store.Store;
import io.sendport.host.store.commit.StoreException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** A body in the outbox. When it is opened, its rows are read one at a time. */
final class StoredBody implements Body {

    private final Store store;
    private final MessageId id;
    private final int part;
    private final int rows;
    private final long size;
    private final Row row;

    private StoredBody(Store store, MessageId id, int part, int rows, long size, Row row) {
        this.store = store;
        this.id = id;
        this.part = part;
        this.rows = rows;
        this.size = size;
        this.row = row;
    }

    /** Reads the bytes of a row; empty when the row no longer exists. */
    private interface Row {
        Optional<byte[]> read(Handle handle, int no);
    }

    /** A body in the row of its submission or attachment; {@code part} is 0 for a submission. */
    static StoredBody inRow(Store store, MessageId id, int part, long size) {
        String sql = part == 0
                ? "SELECT body FROM submission WHERE id = ?::uuid AND ? = 0"
                : "SELECT body FROM submission_part WHERE submission = ?::uuid AND no = ?";
        return new StoredBody(store, id, part, 1, size, (handle, no) -> handle.createQuery(sql)
                .bind(0, id.value())
                .bind(1, part)
                .mapTo(byte[].class)
                .findOne());
    }

    /** A body in {@code chunks} rows of {@code submission_chunk}. */
    static StoredBody inChunks(Store store, MessageId id, int part, int chunks, long size) {
        return new StoredBody(store, id, part, chunks, size, (handle, no) -> handle.createQuery(
                        "SELECT bytes FROM submission_chunk WHERE submission = ?::uuid AND part = ? AND no = ?")
                .bind(0, id.value())
                .bind(1, part)
                .bind(2, no)
                .mapTo(byte[].class)
                .findOne());
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public InputStream open() {
        return new Rows();
    }

    private byte[] bytes(int no) throws IOException {
        try {
            return store.read(handle -> row.read(handle, no))
                    .orElseThrow(() -> new IOException(where(no) + " no longer exists"));
        } catch (StoreException e) {
            throw new IOException("cannot read " + where(no) + ": " + e.getMessage(), e);
        }
    }

    private String where(int no) {
        return "row " + no + " of part " + part + " of submission " + id;
    }

    private final class Rows extends InputStream {
        private InputStream current = InputStream.nullInputStream();
        private int next;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int from, int most) throws IOException {
            int count = current.read(into, from, most);
            while (count < 0 && next < rows) {
                current = new ByteArrayInputStream(bytes(next++));
                count = current.read(into, from, most);
            }
            return count;
        }
    }
}
