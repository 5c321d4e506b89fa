package io.sendport.host.ledger.privacy;

import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.ledger.SearchIndex;
import io.sendport.host.ledger.checkpoint.Checkpoints;
import io.sendport.host.store.Store;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Deletes the private parts of records, with their salts and search rows, and signs that outside the store. The rest proves that
 * something was recorded and when, but not about whom.
 */
public final class Erasure {

    private final Store store;
    private final Ledger ledger;
    private final Checkpoints checkpoints;

    /** Erases in {@code ledger}, with statements that {@code checkpoints} sign. */
    public Erasure(Store store, Ledger ledger, Checkpoints checkpoints) {
        this.store = store;
        this.ledger = ledger;
        this.checkpoints = checkpoints;
    }

    /** Ids of messages whose records name one of {@code addresses}, at most {@code most}, starting after {@code after}. */
    public List<String> messages(List<String> addresses, String after, int most) {
        return store.read(handle -> handle.createQuery(
                        "SELECT DISTINCT r.message FROM audit_recipient a JOIN audit_record r ON r.lane = a.lane AND r.seq = a.seq"
                                + " WHERE a.address IN (<addresses>) AND r.message > :after ORDER BY r.message LIMIT :most")
                .bindList("addresses", addresses)
                .bind("after", after)
                .bind("most", most)
                .mapTo(String.class)
                .list());
    }

    /**
     * Erases the private parts of all records of {@code messages}.
     *
     * @return how many
     * @throws IOException when the location of checkpoints cannot be written; no record was changed then
     * @throws GeneralSecurityException when the key cannot be used; no record was changed then
     */
    public int run(List<String> messages, Instant now, String actor, String reason)
            throws IOException, GeneralSecurityException {
        List<Ledger.Erasable> records = store.read(handle -> {
            List<Ledger.Erasable> all = new ArrayList<>();
            messages.forEach(message -> all.addAll(ledger.erasable(handle, message)));
            return all;
        });
        if (records.isEmpty()) {
            return 0;
        }
        checkpoints
                .testimony()
                .requireTrusted(
                        checkpoints.fingerprint(),
                        records.stream().map(Ledger.Erasable::lane).distinct().toList());
        Entry entry = checkpoints.erase(
                ledger.headsOnDisk(),
                records.stream().map(each -> each.lane() + ":" + each.seq()).toList(),
                now);
        store.change(transaction -> {
            store.overwriteDeleted(transaction);
            records.forEach(each -> erase(transaction.handle(), each));
            ledger.append(
                    transaction,
                    entry.detail("actor", actor)
                            .detail("reason", reason)
                            .detail(
                                    "detail",
                                    records.size() + " private parts of " + messages.size() + " messages deleted"));
        });
        return records.size();
    }

    private static void erase(Handle handle, Ledger.Erasable each) {
        SearchIndex.remove(handle, each.lane(), each.seq(), each.secret());
        handle.execute(
                "UPDATE audit_record SET salt = NULL, private = NULL, mime_message_id = NULL, queue_id = NULL"
                        + " WHERE lane = ? AND seq = ?",
                each.lane(),
                each.seq());
    }
}
