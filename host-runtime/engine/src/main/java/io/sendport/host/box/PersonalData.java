package io.sendport.host.box;

import io.sendport.host.box.control.Actor;
import io.sendport.host.ledger.privacy.AuditorCopies;
import io.sendport.host.ledger.privacy.Erasure;
import io.sendport.host.store.Store;
import io.sendport.host.store.commit.Transaction;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** All data about a recipient: the ledger's private parts, and the rows of ended messages. */
public final class PersonalData {

    private static final int BATCH = 100;

    private final Store store;
    private final Clock clock;
    private final Erasure erasure;
    private final AuditorCopies copies;

    /** Erases the data in {@code box}: on its ledger by {@code erasure}, and in {@code copies} for auditors. */
    public PersonalData(MessageBox box, Erasure erasure, AuditorCopies copies) {
        this.store = box.store();
        this.clock = box.clock();
        this.erasure = erasure;
        this.copies = copies;
    }

    /**
     * What was erased, or would be.
     *
     * @param messages that named the person and have ended
     * @param records whose private parts were deleted
     * @param underWay ids of messages that name the person and have not ended; they are kept
     */
    public record Erased(int messages, int records, List<String> underWay) {}

    /**
     * Erases everything that names one of {@code addresses}, in plain text and under a pseudonym.
     *
     * @param dry only counts messages
     * @throws IOException when the deletion cannot be signed; what was erased before stays erased
     * @throws GeneralSecurityException as before
     */
    public Erased erase(List<String> addresses, boolean dry, Actor actor) throws IOException, GeneralSecurityException {
        int messages = 0;
        int records = 0;
        List<String> underWay = new ArrayList<>();
        String last = "";
        List<String> batch = erasure.messages(addresses, last, BATCH);
        while (!batch.isEmpty()) {
            last = batch.get(batch.size() - 1);
            List<String> open = open(batch);
            underWay.addAll(open);
            List<String> ended =
                    batch.stream().filter(each -> !open.contains(each)).toList();
            messages += ended.size();
            if (!dry) {
                // Delete copies before the records: after an interruption, the records are needed to find the copies.
                copies.delete(ended);
                records += erasure.run(
                        ended,
                        clock.instant(),
                        actor.name(),
                        actor.reason(),
                        transaction -> ended.forEach(id -> deleteRow(transaction, id)));
            }
            batch = erasure.messages(addresses, last, BATCH);
        }
        return new Erased(messages, records, underWay);
    }

    private List<String> open(List<String> ids) {
        return store.read(handle -> handle.createQuery(
                        "SELECT id FROM message WHERE id IN (<ids>) AND ended_at IS NULL ORDER BY id")
                .bindList("ids", ids)
                .mapTo(String.class)
                .list());
    }

    private static void deleteRow(Transaction transaction, String id) {
        transaction
                .handle()
                .createQuery("SELECT seq FROM message WHERE id = ? AND ended_at IS NOT NULL")
                .bind(0, id)
                .mapTo(Long.class)
                .findOne()
                .ifPresent(seq -> Upkeep.delete(transaction, seq));
    }
}
