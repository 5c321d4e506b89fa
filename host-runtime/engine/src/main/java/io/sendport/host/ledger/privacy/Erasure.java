package io.sendport.host.ledger.privacy;

import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Erasing;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.ledger.LookUp;
import io.sendport.host.ledger.checkpoint.Checkpoints;
import io.sendport.host.store.Store;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

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
        return store.readOneMoment(handle -> LookUp.messagesNaming(handle, addresses)).tailSet(after, false).stream()
                .limit(most)
                .toList();
    }

    /**
     * Checks that an erasure of records of {@code messages} can be signed, and that the signature would count.
     *
     * @throws IOException when the key cannot be read
     * @throws GeneralSecurityException when the key cannot be used, or its signature does not count
     */
    public void requireSigning(List<String> messages) throws IOException, GeneralSecurityException {
        requireCounting(store.readOneMoment(handle -> LookUp.ofMessages(handle, messages)));
    }

    private void requireCounting(Collection<AuditRecord> records) throws IOException, GeneralSecurityException {
        checkpoints
                .evaluatedStatements()
                .requireTrusted(
                        checkpoints.fingerprint(),
                        records.stream().map(AuditRecord::lane).distinct().toList());
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
        List<AuditRecord> records = store.readOneMoment(handle -> LookUp.ofMessages(handle, messages)).stream()
                .filter(each -> !each.link().isBlank())
                .toList();
        if (records.isEmpty()) {
            return 0;
        }
        requireCounting(records);
        Entry entry = checkpoints.erase(
                ledger.headsOnDisk(),
                records.stream().map(each -> each.lane() + ":" + each.seq()).toList(),
                now);
        store.change(transaction -> {
            store.overwriteDeleted(transaction);
            transaction.erases();
            Erasing.run(transaction.handle(), records);
            ledger.append(
                    transaction,
                    entry.detail("actor", actor)
                            .detail("reason", reason)
                            .detail(
                                    "detail",
                                    records.size() + " private parts of " + messages.size() + " messages deleted"));
        });
        // The log was emptied before this was committed, unless a reader holds it back for a while.
        store.change(transaction -> {});
        return records.size();
    }
}
