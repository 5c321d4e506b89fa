package io.sendport.host.box;

import io.sendport.config.MessageBoxSettings;
import io.sendport.host.box.body.BodyKeys;
import io.sendport.host.box.body.BodyStore;
import io.sendport.host.box.control.Horizon;
import io.sendport.host.box.control.Instances;
import io.sendport.host.box.control.PortStates;
import io.sendport.host.box.control.Rates;
import io.sendport.host.box.control.Reloads;
import io.sendport.host.box.control.Reports;
import io.sendport.host.box.control.Sessions;
import io.sendport.host.box.outbox.Outbox;
import io.sendport.host.ledger.Lane;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.store.Monotonic;
import io.sendport.host.store.Store;
import io.sendport.host.store.commit.Access;
import java.time.Clock;
import java.util.Optional;

/**
 * The message box of one store: its parts share store, ledger and clock.
 *
 * @param store the database
 * @param clock the time that all who work on it go by
 * @param ledger the audit ledger in it
 * @param inbox messages in and out
 * @param outbox submissions that applications left in transactions of their own; on PostgreSQL only
 * @param acknowledgements tell what became of messages
 * @param claims who may send what
 * @param suspects messages that run alone, since a process died
 * @param losses what the database lost
 * @param attempts deliveries and attempts
 * @param lateAnswers what came of attempts of instances that were taken for dead
 * @param acts what operators do
 * @param bulkActs what they do to all messages that a filter finds
 * @param queries looking without touching
 * @param ports states of ports
 * @param instances host instances
 * @param reports what instances tell of themselves
 * @param reloads wishes that a changed configuration be taken over
 * @param sessions who is logged on to the console
 * @param rates what was sent lately, where processes share a rate
 * @param upkeep deletes what has served its time
 */
public record MessageBox(
        Store store,
        Clock clock,
        Ledger ledger,
        Inbox inbox,
        Optional<Outbox> outbox,
        Acknowledgements acknowledgements,
        Claims claims,
        Suspects suspects,
        Losses losses,
        Attempts attempts,
        LateAnswers lateAnswers,
        Acts acts,
        BulkActs bulkActs,
        MessageQueries queries,
        PortStates ports,
        Instances instances,
        Reports reports,
        Reloads reloads,
        Sessions sessions,
        Rates rates,
        Upkeep upkeep)
        implements AutoCloseable {

    /** Opens the message box that the settings name; closing it closes the store. */
    public static MessageBox open(MessageBoxSettings settings, Access access, Clock clock) {
        return open(Store.open(settings, access), settings, clock, Lane.shared());
    }

    /** As {@link #open(MessageBoxSettings, Access, Clock)}, in a lane of its own for a process that writes much, beside others that do. */
    public static MessageBox open(MessageBoxSettings settings, Access access, Clock clock, Lane lane) {
        return open(Store.open(settings, access), settings, clock, lane);
    }

    /** In {@code store}, which closes with it; with a lane of its own for a process that writes much, beside others that do. */
    public static MessageBox open(Store store, MessageBoxSettings settings, Clock own, Lane lane) {
        Clock clock = store.clock(own);
        Ledger ledger = new Ledger(store, clock, lane);
        BodyStore bodies = new BodyStore(store, clock, BodyKeys.of(settings.bodyKey()));
        Inbox inbox = new Inbox(store, ledger, clock, settings.dedupeFor(), bodies);
        Acknowledgements acknowledgements = new Acknowledgements(inbox);
        Transition transition =
                new Transition(ledger, acknowledgements, !settings.keepBodies().isZero());
        OpenAttempts openAttempts = new OpenAttempts(ledger, clock);
        Horizon horizon = new Horizon(store, clock, Monotonic.beside(clock));
        Acts acts = new Acts(store, ledger, clock, transition);
        BulkActs bulkActs = new BulkActs(store, clock, acts);
        Optional<Outbox> outbox =
                settings.sqliteFile().isPresent() ? Optional.empty() : Optional.of(new Outbox(store, ledger, clock));
        return new MessageBox(
                store,
                clock,
                ledger,
                inbox,
                outbox,
                acknowledgements,
                new Claims(store, clock, openAttempts, transition),
                new Suspects(store, clock, transition),
                new Losses(store, ledger, clock, openAttempts, transition),
                new Attempts(store, ledger, clock, bodies, transition),
                new LateAnswers(store, ledger, clock, transition),
                acts,
                bulkActs,
                new MessageQueries(store),
                new PortStates(store, ledger, clock),
                new Instances(store, ledger, clock, settings.lease()),
                new Reports(store),
                new Reloads(store, clock),
                new Sessions(store, clock),
                new Rates(store),
                new Upkeep(store, bodies, bulkActs, outbox, horizon, settings.keepBodies(), settings.keepMessages()));
    }

    @Override
    public void close() {
        store.close();
    }
}
