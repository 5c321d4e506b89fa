package io.sendport.host.box;

import io.sendport.host.box.control.Actor;
import io.sendport.host.ledger.LedgerRights;
import io.sendport.host.ledger.privacy.AuditorCopies;
import io.sendport.host.ledger.privacy.Erasure;
import io.sendport.host.store.Store;
import io.sendport.host.store.commit.Transaction;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Erases all data about a person: the private parts of the ledger's records, and the rows of ended messages. */
public final class PersonalData {

    private static final int BATCH = 100;

    private final Store store;
    private final Clock clock;
    private final Erasure erasure;
    private final AuditorCopies copies;

    /** Erases data in {@code box}: on its ledger through {@code erasure}, and in the auditor's {@code copies}. */
    public PersonalData(MessageBox box, Erasure erasure, AuditorCopies copies) {
        this.store = box.store();
        this.clock = box.clock();
        this.erasure = erasure;
        this.copies = copies;
    }

    /**
     * What was erased, or would be.
     *
     * @param messages the number of ended messages that named the person
     * @param records the number of records whose private parts were deleted
     * @param underWay ids of messages that name the person and have not ended; they are kept
     * @param onHold ids of ended messages that name the person and are on hold; they are kept
     */
    public record Erased(int messages, int records, List<String> underWay, List<String> onHold) {}

    /** A message was put on hold after the search. Nothing was erased in this transaction. */
    private static final class HeldMeanwhileException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * Erases everything that names one of {@code addresses}, in plain text and under a pseudonym.
     *
     * @param dry only counts messages
     * @throws IOException when the deletion cannot be signed; what was erased before stays erased
     * @throws GeneralSecurityException when the deletion cannot be signed; what was erased before stays erased
     */
    public Erased erase(List<String> addresses, boolean dry, Actor actor) throws IOException, GeneralSecurityException {
        Run run = new Run(dry, actor);
        // The ledger does not name the recipients of a message that was never tried. Its properties may name them.
        List<String> brought = new PropertyAddresses(store).messages(addresses);
        Set<String> known = new HashSet<>();
        List<String> batch = erasure.messages(addresses, "", BATCH);
        while (!batch.isEmpty()) {
            run.erase(batch);
            known.addAll(batch);
            batch = erasure.messages(addresses, batch.get(batch.size() - 1), BATCH);
        }
        List<String> others =
                brought.stream().filter(each -> !known.contains(each)).toList();
        for (int from = 0; from < others.size(); from += BATCH) {
            run.erase(others.subList(from, Math.min(others.size(), from + BATCH)));
        }
        return new Erased(run.messages, run.records, run.underWay, run.onHold);
    }

    /** One erasure, batch by batch. */
    private final class Run {
        private final boolean dry;
        private final Actor actor;
        private final List<String> underWay = new ArrayList<>();
        private final List<String> onHold = new ArrayList<>();
        private int messages;
        private int records;
        private boolean mayErase;

        Run(boolean dry, Actor actor) {
            this.dry = dry;
            this.actor = actor;
        }

        void erase(List<String> batch) throws IOException, GeneralSecurityException {
            if (!dry && !mayErase) {
                LedgerRights.requireErasing(store);
                erasure.requireSigning(batch);
                mayErase = true;
            }
            boolean isDone = false;
            while (!isDone) {
                List<String> open = those(batch, "ended_at IS NULL");
                List<String> held = those(batch, "ended_at IS NOT NULL AND held = 1");
                List<String> ended = batch.stream()
                        .filter(each -> !open.contains(each) && !held.contains(each))
                        .toList();
                try {
                    records += dry ? 0 : PersonalData.this.erase(ended, actor);
                    messages += ended.size();
                    underWay.addAll(open);
                    onHold.addAll(held);
                    isDone = true;
                } catch (HeldMeanwhileException e) {
                    // Repeat the batch: the message that was put on hold is kept now.
                }
            }
        }
    }

    private int erase(List<String> ended, Actor actor) throws IOException, GeneralSecurityException {
        // Delete the rows first: without its row, a message can no longer be put on hold.
        // Erase the records last: after an interruption, they are needed to find the messages again.
        store.change(transaction -> {
            store.overwriteDeleted(transaction);
            ended.forEach(id -> deleteRow(transaction, id));
        });
        copies.delete(ended);
        return erasure.run(ended, clock.instant(), actor.name(), actor.reason());
    }

    private List<String> those(List<String> ids, String condition) {
        return store.read(handle -> handle.createQuery(
                        "SELECT id FROM message WHERE id IN (<ids>) AND " + condition + " ORDER BY id")
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
                .ifPresent(seq -> {
                    if (!Upkeep.isDeletable(transaction, seq)) {
                        throw new HeldMeanwhileException();
                    }
                    Upkeep.delete(transaction, seq);
                });
    }
}
