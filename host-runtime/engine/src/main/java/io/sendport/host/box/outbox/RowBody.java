package io.sendport.host.box.outbox;

import io.sendport.api.message.Body;
import io.sendport.api.message.MessageId;
import io.sendport.host.store.Store;
import io.sendport.host.store.commit.StoreException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A body of the outbox that is read from its row when it is opened.
 *
 * @param part 0 for the body of the submission
 * @param size in bytes
 */
record RowBody(Store store, MessageId id, int part, long size) implements Body {

    @Override
    public InputStream open() throws IOException {
        String sql = part == 0
                ? "SELECT body FROM submission WHERE id = ?::uuid AND ? = 0"
                : "SELECT body FROM submission_part WHERE submission = ?::uuid AND no = ?";
        try {
            return new ByteArrayInputStream(store.read(handle -> handle.createQuery(sql)
                    .bind(0, id.value())
                    .bind(1, part)
                    .mapTo(byte[].class)
                    .findOne()
                    .orElseThrow(() -> new StoreException("the row no longer exists", null))));
        } catch (StoreException e) {
            throw new IOException("cannot read part " + part + " of submission " + id + ": " + e.getMessage(), e);
        }
    }
}
