package io.sendport.host.box;

import io.sendport.api.message.MessageId;
import io.sendport.host.decide.NextAction;
import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Kind;
import io.sendport.host.store.Store;
import io.sendport.host.store.commit.Transaction;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * Messages that were in a pipeline when a process died. One of them may have caused the crash, so each of them must run alone. A crash
 * counts against a message only if no other message was in a pipeline. The second crash that counts suspends the message.
 */
public final class Suspects {

    private static final int MAX_DEATHS = 2;

    private final Store store;
    private final Clock clock;
    private final Transition transition;

    Suspects(Store store, Clock clock, Transition transition) {
        this.store = store;
        this.clock = clock;
        this.transition = transition;
    }

    /**
     * A message that was in a pipeline when a process died.
     *
     * @param message the message's id
     * @param stage the stage of the pipeline; empty if unknown
     * @param component the component that ran; empty if unknown
     */
    public record Suspect(MessageId message, String stage, String component) {}

    /**
     * Records the messages that were in a pipeline when a process died. The caller must have released the claims of that process.
     *
     * @param alone whether only one message was in a pipeline
     * @return the ids of the messages that this suspended
     */
    public List<MessageId> died(List<Suspect> suspects, boolean alone) {
        List<MessageId> suspended = new ArrayList<>();
        for (Suspect each : suspects) {
            if (store.write(transaction -> note(transaction, each, alone))) {
                suspended.add(each.message());
            }
        }
        return suspended;
    }

    private boolean note(Transaction transaction, Suspect suspect, boolean alone) {
        Handle handle = transaction.handle();
        List<MessageRow> rows = handle.createQuery(
                        "SELECT * FROM message WHERE id = ? AND ended_at IS NULL AND lease_owner IS NULL"
                                + " AND state IN ('WAITING', 'RETRYING')")
                .bind(0, suspect.message().value())
                .map(MessageRow::map)
                .list();
        if (rows.isEmpty()) {
            return false;
        }
        MessageRow row = rows.get(0);
        long deaths = handle.createQuery(
                        "INSERT INTO suspect (message_seq, deaths, stage, component) VALUES (?, ?, ?, ?)"
                                + " ON CONFLICT (message_seq) DO UPDATE SET deaths = suspect.deaths + excluded.deaths,"
                                + " stage = excluded.stage, component = excluded.component RETURNING deaths")
                .bind(0, row.seq())
                .bind(1, alone ? 1 : 0)
                .bind(2, suspect.stage())
                .bind(3, suspect.component())
                .mapTo(Long.class)
                .one();
        if (deaths < MAX_DEATHS) {
            handle.execute("UPDATE message SET queued = 2 WHERE seq = ?", row.seq());
            return false;
        }
        String where = suspect.component().isEmpty()
                ? "its pipeline"
                : "stage " + suspect.stage() + ", component " + suspect.component();
        transition.suspend(
                transaction,
                row,
                new NextAction.Suspend(
                        "the process died " + deaths + " times while only this message was in " + where, true),
                clock.instant(),
                Entry.of(Kind.SUSPENDED).header("host", row.host()),
                0);
        handle.execute("DELETE FROM suspect WHERE message_seq = ?", row.seq());
        return true;
    }

    /** Lets messages that were taken over and were not in a pipeline run beside others again. */
    public void release(Collection<MessageId> messages) {
        for (MessageId each : messages) {
            store.change(transaction -> transaction
                    .handle()
                    .execute(
                            "UPDATE message SET queued = 1 WHERE id = ? AND queued = 2 AND NOT EXISTS"
                                    + " (SELECT 1 FROM suspect WHERE message_seq = message.seq)",
                            each.value()));
        }
    }

    /** The ports that have messages that must run alone. */
    public List<String> ports() {
        return store.readWithShortTimeout(
                handle -> handle.createQuery("SELECT DISTINCT port FROM message WHERE queued = 2")
                        .mapTo(String.class)
                        .list());
    }

    /**
     * Leases the oldest message of {@code port} that must run alone; empty when there is none.
     *
     * @param ordered whether the port keeps the order, so that only its first message may be claimed
     * @param skipSuspended whether to go on to later messages when a message is suspended; only if {@code ordered}
     */
    public List<MessageRow> claim(String port, String instance, boolean ordered, boolean skipSuspended) {
        String order = ordered ? " AND seq = " + Claims.head(skipSuspended) + Claims.AND_NONE_UNDER_WAY : "";
        List<Object> values = new ArrayList<>(List.of(port, port));
        if (ordered) {
            values.add(port);
            values.add(port);
        }
        values.add(instance);
        return store.write(transaction -> {
            transaction.requireClaims();
            Query query = transaction
                    .handle()
                    .createQuery("WITH chosen AS MATERIALIZED (SELECT seq FROM message WHERE port = ? AND queued = 2"
                            + Claims.AND_NOT_STOPPED + order + " ORDER BY seq LIMIT 1 <skipLocked>)"
                            + " UPDATE message SET state = 'SENDING', queued = 0, lease_owner = ?"
                            + " WHERE seq IN (SELECT seq FROM chosen) RETURNING *");
            for (int i = 0; i < values.size(); i++) {
                query.bind(i, values.get(i));
            }
            return query.map(MessageRow::map).list();
        });
    }

    /** Removes the record of a message that went through its pipeline without a crash. */
    public void cleared(MessageRow row) {
        store.change(
                transaction -> transaction.handle().execute("DELETE FROM suspect WHERE message_seq = ?", row.seq()));
    }
}
