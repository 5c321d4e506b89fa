package io.sendport.host.box;

import io.sendport.api.message.Context;
import io.sendport.api.message.Message;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.Part;
import io.sendport.host.box.body.BodyKeyException;
import io.sendport.host.box.body.BodyPlace;
import io.sendport.host.box.body.BodyStore;
import io.sendport.host.box.body.ContentDigest;
import io.sendport.host.box.body.DamagedException;
import io.sendport.host.box.json.ContextJson;
import io.sendport.host.ledger.StoredRecords;
import io.sendport.host.ledger.SubmittedRecord;
import io.sendport.host.store.Store;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Loads the content of a message as it was submitted, and compares it with its digests and with the ledger. */
final class SubmittedContent {

    private final Store store;
    private final BodyStore bodies;

    SubmittedContent(Store store, BodyStore bodies) {
        this.store = store;
        this.bodies = bodies;
    }

    /**
     * The message with its parts, as it was submitted.
     *
     * @throws IllegalStateException when retention deleted its bodies after it ended
     * @throws DamagedException when it differs from what was submitted
     * @throws BodyKeyException when a body is encrypted and the key is not available
     */
    Message load(MessageRow row) {
        return store.read(handle -> {
            Submitted submitted = handle.createQuery(
                            "SELECT context, digest, ledger_lane, ledger_seq FROM message WHERE seq = ?")
                    .bind(0, row.seq())
                    .map((message, ctx) -> new Submitted(
                            message.getString(1),
                            message.getString(2),
                            StoredRecords.header(handle, message.getLong(3), message.getLong(4))))
                    .findOne()
                    .orElseThrow(() -> new ContentDeletedException(row));
            ContentDigest digest = new ContentDigest(submitted.context());
            List<Part> parts = handle.createQuery(
                            "SELECT name, content_type, context, size, sha256, body, body_id, lead, key_id, no FROM part"
                                    + " WHERE message_seq = ? ORDER BY no")
                    .bind(0, row.seq())
                    .map((part, ctx) -> part(part, row, digest))
                    .list();
            if (parts.isEmpty()) {
                throw new ContentDeletedException(row);
            }
            if (!digest.hex().equals(submitted.digest())) {
                throw new DamagedException("the properties or parts of message " + row.id()
                        + " differ from those that were submitted: the message box is damaged. Check the disk and the"
                        + " database, then terminate this message and submit it again");
            }
            if (!submitted.isOnRecord(row.id())) {
                throw new DamagedException("message " + row.id()
                        + " differs from the submitted message that the audit ledger recorded: the message box was changed."
                        + " Run `sendport audit verify`, then terminate this message and submit it again");
            }
            return new Message(row.id(), row.submittedAt(), ContextJson.read(submitted.context()), parts);
        });
    }

    /**
     * What a message's row says about its submission.
     *
     * @param record the header of the ledger record that the row refers to; empty when the record does not exist
     */
    private record Submitted(String context, String digest, Optional<String> record) {

        boolean isOnRecord(MessageId id) {
            return record.filter(header -> SubmittedRecord.of(header).describes(id.value(), digest))
                    .isPresent();
        }
    }

    private Part part(ResultSet row, MessageRow message, ContentDigest digest) throws SQLException {
        String name = row.getString(1);
        String contentType = row.getString(2);
        String context = row.getString(3);
        String sha256 = row.getString(5);
        digest.add(name, contentType, context, sha256);
        return new Part(
                name,
                contentType,
                ContextJson.read(context),
                bodies.body(
                        new BodyStore.Kept(
                                row.getBytes(6),
                                row.getString(7),
                                row.getInt(8),
                                row.getString(9),
                                row.getLong(4),
                                sha256),
                        BodyPlace.part(message.id(), row.getInt(10))));
    }

    /** The submitter's properties of a message. */
    static Context context(Handle handle, MessageRow row) {
        return ContextJson.read(handle.createQuery("SELECT context FROM message WHERE seq = ?")
                .bind(0, row.seq())
                .mapTo(String.class)
                .one());
    }

    /** Whether the parts of a message are still there. */
    boolean hasParts(MessageRow row) {
        return store.read(handle -> handle.createQuery("SELECT EXISTS (SELECT 1 FROM part WHERE message_seq = ?)")
                .bind(0, row.seq())
                .mapTo(Boolean.class)
                .one());
    }
}
