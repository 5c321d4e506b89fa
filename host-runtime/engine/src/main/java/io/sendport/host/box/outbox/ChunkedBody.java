package io.sendport.host.box.outbox;

import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.host.box.outbox.StoredSubmission.StoredPart;
import io.sendport.host.store.Store;
import io.sendport.host.store.commit.StoreException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A body of the outbox that is read chunk by chunk, each from its row. */
final class ChunkedBody implements Body {

    private final Store store;
    private final MessageId id;
    private final StoredPart part;

    ChunkedBody(Store store, MessageId id, StoredPart part) {
        this.store = store;
        this.id = id;
        this.part = part;
    }

    @Override
    public long size() {
        return part.size();
    }

    @Override
    public InputStream open() {
        return new Chunks();
    }

    private byte[] chunk(int no) throws IOException {
        try {
            return store.read(handle -> handle.createQuery(
                            "SELECT bytes FROM submission_chunk WHERE submission = ?::uuid AND part = ? AND no = ?")
                    .bind(0, id.value())
                    .bind(1, part.no())
                    .bind(2, no)
                    .mapTo(byte[].class)
                    .findOne()
                    .orElseThrow(() -> new StoreException("the chunk is no longer there", null)));
        } catch (StoreException e) {
            throw new IOException(
                    "cannot read chunk " + no + " of part " + part.no() + " of submission " + id + ": "
                            + e.getMessage(),
                    e);
        }
    }

    /** Holds one chunk at a time. */
    private final class Chunks extends InputStream {
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
            while (count < 0 && next < part.chunks()) {
                current = new ByteArrayInputStream(chunk(next++));
                count = current.read(into, from, most);
            }
            return count;
        }
    }
}
