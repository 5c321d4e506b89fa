package io.sendport.host.ledger.privacy;

import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Erasing;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.ledger.LookUp;
import io.sendport.host.ledger.checkpoint.Checkpoints;
import io.sendport.host.store.Store;
import io.sendport.support.text.Text;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * Deletes the private parts of records, with their salts and index entries, and signs that outside the store. What remains proves
 * that something was recorded and when, but not about whom.
 */
public final class Erasure {

    private final Store store;
    private final Ledger ledger;
    private final Checkpoints checkpoints;

    /** Creates an erasure in {@code ledger}, with statements that {@code checkpoints} signs. */
    public Erasure(Store store, Ledger ledger, Checkpoints checkpoints) {
        this.store = store;
        this.ledger = ledger;
        this.checkpoints = checkpoints;
    }

    /** Returns the sorted ids after {@code after} of messages whose records name one of {@code addresses}; at most {@code most} ids. */
    public List<String> messages(List<String> addresses, String after, int most) {
        return store.readSnapshot(handle -> LookUp.messagesNaming(handle, addresses)).tailSet(after, false).stream()
                .limit(most)
                .toList();
    }

    /**
     * Checks that an erasure of records of {@code messages} can be signed, and that a verification would accept the signature.
     *
     * @throws IOException when the key cannot be read
     * @throws GeneralSecurityException when the key cannot be used, or is not trusted for the lanes of the records
     */
    public void requireSigning(List<String> messages) throws IOException, GeneralSecurityException {
        requireTrustedKey(store.readSnapshot(handle -> LookUp.ofMessages(handle, messages)));
    }

    private void requireTrustedKey(Collection<AuditRecord> records) throws IOException, GeneralSecurityException {
        checkpoints
                .evaluatedStatements()
                .requireTrusted(
                        checkpoints.fingerprint(),
                        records.stream().map(AuditRecord::lane).distinct().toList());
    }

    /**
     * Erases the private parts of all records of {@code messages}.
     *
     * @param actor the person who erases, for the ledger
     * @param reason that person's reason, for the ledger
     * @return the number of erased private parts
     * @throws IOException when the checkpoint folder cannot be written; no record has changed then
     * @throws GeneralSecurityException when the key cannot be used; no record has changed then
     */
    public int run(List<String> messages, Instant now, String actor, String reason)
            throws IOException, GeneralSecurityException {
        List<AuditRecord> records = store.readSnapshot(handle -> LookUp.ofMessages(handle, messages)).stream()
                .filter(each -> !each.link().isBlank())
                .toList();
        if (records.isEmpty()) {
            return 0;
        }
        requireTrustedKey(records);
        Entry entry = checkpoints.erase(
                ledger.headsOnDisk(),
                records.stream().map(each -> each.lane() + ":" + each.seq()).toList(),
                now);
        store.change(transaction -> {
            store.overwriteDeleted(transaction);
            transaction.markErasing();
            Erasing.run(transaction.handle(), records);
            ledger.append(
                    transaction,
                    entry.detail("actor", actor)
                            .detail("reason", reason)
                            .detail(
                                    "detail",
                                    Text.counted(records.size(), "private part") + " of "
                                            + Text.counted(messages.size(), "message") + " deleted"));
        });
        // Before this commit, the writer empties SQLite's write-ahead log, which still had the erased data.
        // A long-running reader can delay that.
        store.change(transaction -> {});
        return records.size();
    }
}
