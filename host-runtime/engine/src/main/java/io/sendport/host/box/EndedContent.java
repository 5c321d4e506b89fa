package io.sendport.host.box;

import io.sendport.host.box.body.BodyStore;
import io.sendport.host.store.commit.Transaction;
import io.sendport.host.store.sql.Sql;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
     * Deletes the rows of the bodies, as {@link #dropBodies} does, but not their chunks. No row refers to these chunks any longer, so the
     * caller must delete them.
     *
     * @return the ids of the chunks
     */
    static List<String> dropRows(Transaction transaction, long seq) {
        Sql sql = transaction.sql();
        List<Content> large = sql.list(
                row -> new Content(row.getString(1), row.getString(2)),
                "SELECT 'part', body_id FROM part WHERE message_seq = ? AND body_id IS NOT NULL" + NOT_ON_HOLD
                        + " UNION ALL SELECT 'delivery', sealed_id FROM delivery WHERE message_seq = ?"
                        + " AND (sealed IS NOT NULL OR sealed_id IS NOT NULL)" + NOT_ON_HOLD,
                seq,
                seq);
        sql.change("DELETE FROM part WHERE message_seq = ?" + NOT_ON_HOLD, seq);
        if (large.stream().anyMatch(each -> each.table().equals("delivery"))) {
            sql.change(
                    "UPDATE delivery SET sealed = NULL, sealed_id = NULL"
                            + " WHERE message_seq = ? AND (sealed IS NOT NULL OR sealed_id IS NOT NULL)" + NOT_ON_HOLD,
                    seq);
        }
        return large.stream()
                .flatMap(each -> Optional.ofNullable(each.chunks()).stream())
                .toList();
    }

    /**
     * Content that is in chunks or belongs to a delivery.
     *
     * @param table the row's table
     * @param chunks their id; null if the content is in the row
     */
    private record Content(String table, @Nullable String chunks) {}
}
