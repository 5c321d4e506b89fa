package io.sendport.host.box;

import io.sendport.host.box.body.BodyStore;
import io.sendport.host.store.commit.Transaction;
import io.sendport.host.store.sql.Sql;
import java.util.List;

/** Deletes the content of messages that have ended. */
final class EndedContent {

    private static final String NOT_ON_HOLD =
            " AND NOT EXISTS (SELECT 1 FROM message h WHERE h.seq = message_seq AND h.held = 1)";

    private EndedContent() {}

    /** Deletes the bodies of a message that has ended, unless it is on hold. */
    static void dropBodies(Transaction transaction, long seq) {
        dropRows(transaction, seq).forEach(id -> BodyStore.delete(transaction.handle(), id));
    }

    /**
     * As {@link #dropBodies}, but leaves the chunks, which nothing refers to any more; the caller must delete them.
     *
     * @return their ids
     */
    static List<String> dropRows(Transaction transaction, long seq) {
        Sql sql = transaction.sql();
        List<String> chunks = sql.list(
                row -> row.getString(1),
                "SELECT body_id FROM part WHERE message_seq = ? AND body_id IS NOT NULL" + NOT_ON_HOLD
                        + " UNION ALL SELECT sealed_id FROM delivery WHERE message_seq = ? AND sealed_id IS NOT NULL"
                        + NOT_ON_HOLD,
                seq,
                seq);
        sql.change("DELETE FROM part WHERE message_seq = ?" + NOT_ON_HOLD, seq);
        sql.change(
                "UPDATE delivery SET sealed = NULL, sealed_id = NULL"
                        + " WHERE message_seq = ? AND (sealed IS NOT NULL OR sealed_id IS NOT NULL)" + NOT_ON_HOLD,
                seq);
        return chunks;
    }
}
