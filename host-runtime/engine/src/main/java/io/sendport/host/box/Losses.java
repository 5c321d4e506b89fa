package io.sendport.host.box;

import io.sendport.host.box.control.Actor;
import io.sendport.host.decide.NextAction;
import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Kind;
import io.sendport.host.ledger.Lane;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.ledger.checkpoint.Checkpoints;
import io.sendport.host.ledger.checkpoint.LossStatements;
import io.sendport.host.store.Store;
import io.sendport.host.store.commit.ServerIdentity;
import io.sendport.host.store.commit.Transaction;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Detects that a database lost commits that it had acknowledged. This happens when a standby without the last commits is promoted.
 * Messages that are open at that time may have been sent, so they are put in doubt. Nothing is claimed until an operator accepts the
 * loss.
 */
public final class Losses {

    private static final int BATCH = 100;

    private final Store store;
    private final Ledger ledger;
    private final Clock clock;
    private final OpenAttempts openAttempts;
    private final Transition transition;

    Losses(Store store, Ledger ledger, Clock clock, OpenAttempts openAttempts, Transition transition) {
        this.store = store;
        this.ledger = ledger;
        this.clock = clock;
        this.openAttempts = openAttempts;
        this.transition = transition;
    }

    /** The loss that was declared and that no operator has accepted yet; empty when there is none. */
    public Optional<String> declared() {
        return store.read(handle -> {
            @Nullable
            String lost = handle.createQuery("SELECT lost FROM store_state")
                    .mapTo(String.class)
                    .one();
            return Optional.ofNullable(lost);
        });
    }

    /**
     * Compares {@code server} with the server on which this store was used before. The first call stores the server. Only this
     * comparison recognizes a dump that was restored on another server after the old machines were lost.
     *
     * @return the loss to declare; empty when the store is still on its server
     */
    public Optional<String> compareServer(ServerIdentity server) {
        String now = server.systemIdentifier();
        @Nullable
        String before = store.read(handle -> handle.createQuery("SELECT server_system FROM store_state")
                .mapTo(String.class)
                .one());
        if (before == null) {
            store.change(transaction -> transaction
                    .handle()
                    .execute("UPDATE store_state SET server_system = ? WHERE server_system IS NULL", now));
            return Optional.empty();
        }
        return before.equals(now)
                ? Optional.empty()
                : Optional.of("the message box was used on the PostgreSQL system " + before + ", and is now on system "
                        + now + ". It was restored from a dump or moved, so commits after that dump may be missing");
    }

    /**
     * Declares a loss to all instances, and puts every open message in doubt. Safe to repeat.
     *
     * @param what describes the loss
     * @param losing the lanes that lost signed records; they end
     * @return how many messages were put in doubt
     */
    public int declare(String what, Lane.Losing losing) {
        store.lookForLosses();
        store.change(transaction -> {
            // End these lanes first: the record of the loss must not get a number that was signed before.
            losing.end(transaction.handle());
            int changed = transaction
                    .handle()
                    .execute(
                            "UPDATE store_state SET lost = ?, lost_seq = (SELECT coalesce(max(seq), 0) FROM message)"
                                    + " WHERE lost IS NULL",
                            what);
            if (changed == 1) {
                ledger.append(transaction, Entry.of(Kind.LOST).detail("detail", what));
            }
        });
        store.lookForLosses();
        int count = 0;
        List<MessageRow> page = openAfter(0);
        while (!page.isEmpty()) {
            for (MessageRow row : page) {
                count += store.write(transaction -> putInDoubt(transaction, row));
            }
            page = openAfter(page.get(page.size() - 1).seq());
        }
        return count;
    }

    private List<MessageRow> openAfter(long seq) {
        return store.read(handle -> handle.createQuery("SELECT * FROM message WHERE ended_at IS NULL"
                        + " AND state <> 'IN_DOUBT' AND seq > ? AND seq <= (SELECT lost_seq FROM store_state)"
                        + " ORDER BY seq LIMIT ?")
                .bind(0, seq)
                .bind(1, BATCH)
                .map(MessageRow::map)
                .list());
    }

    private int putInDoubt(Transaction transaction, MessageRow row) {
        boolean open = transaction
                        .handle()
                        .execute(
                                "UPDATE message SET steps = steps WHERE seq = ? AND ended_at IS NULL AND state <> 'IN_DOUBT'",
                                row.seq())
                == 1;
        if (!open) {
            return 0;
        }
        String why = "the database lost acknowledged commits; the message may have been sent";
        if (openAttempts.putInDoubt(transaction, row) == 0) {
            openAttempts.putInDoubt(transaction, row, why);
        }
        // The operator must still see which messages were suspended before, and why.
        String error = row.state() == MessageState.SUSPENDED
                ? why + "; before the loss it was suspended" + (row.lastError().isEmpty() ? "" : ": " + row.lastError())
                : why;
        transition.apply(transaction, row, new NextAction.Hold(error), clock.instant(), 0);
        return 1;
    }

    /**
     * Signs and records that an operator accepts the loss. Messages are claimed again, except those in doubt, which the operator
     * must resolve. Ledger lanes that lost signed records end.
     *
     * @return what was accepted; empty when nothing was lost
     * @throws IOException when the statement cannot be written outside the store; nothing changes then
     * @throws GeneralSecurityException when it cannot be signed, or the signature would not count; nothing changes then
     */
    public Optional<String> accept(Actor actor, Checkpoints checkpoints) throws IOException, GeneralSecurityException {
        Optional<String> lost = declared();
        if (lost.isEmpty()) {
            return lost;
        }
        Entry signed =
                new LossStatements(store, ledger, checkpoints).lost(actor.name(), actor.reason(), clock.instant());
        store.change(transaction -> {
            transaction.handle().execute("UPDATE store_state SET lost = NULL");
            store.server().ifPresent(server -> transaction
                    .handle()
                    .execute("UPDATE store_state SET server_system = ?", server.systemIdentifier()));
            ledger.append(
                    transaction,
                    signed.detail("actor", actor.name())
                            .detail("reason", actor.reason())
                            .detail("detail", lost.get()));
            transaction.signalWork();
        });
        return lost;
    }
}
