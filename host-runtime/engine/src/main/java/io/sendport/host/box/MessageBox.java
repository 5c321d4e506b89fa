package io.sendport.host.box;

import io.sendport.config.MessageBoxSettings;
import io.sendport.host.box.alert.Alerts;
import io.sendport.host.box.body.BodyKeys;
import io.sendport.host.box.body.BodyStore;
import io.sendport.host.box.control.Horizon;
import io.sendport.host.box.control.Instances;
import io.sendport.host.box.control.LogLevels;
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
 * The message box of one store. Its parts share the store, the ledger and the clock.
 *
 * @param store the database
 * @param clock the common time of all processes on the store
 * @param ledger the audit ledger in the store
 * @param inbox stores and loads messages
 * @param outbox submissions that applications inserted in their own transactions; on PostgreSQL only
 * @param acknowledgements report the outcome of messages
 * @param claims lease messages to instances
 * @param suspects messages that were in a pipeline when a process died, and therefore run alone
 * @param losses detects and declares commits that the database lost
 * @param attempts deliveries and attempts
 * @param lateAnswers results of attempts of instances that were declared dead
 * @param acts what operators do to one message
 * @param bulkActs what operators do to all messages that a filter finds
 * @param queries read-only queries
 * @param ports states of ports
 * @param instances host instances
 * @param reports what instances report about themselves
 * @param alerts alerts about conditions, and messages that still have to be sent
 * @param reloads requests to load a changed configuration
 * @param logLevels levels of loggers that operators set for running instances
 * @param sessions log-on sessions of the console
 * @param rates what was sent recently, for processes that share a rate
 * @param upkeep deletes expired data
 * @param retention how long data is kept, by port
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
        Alerts alerts,
        Reloads reloads,
        LogLevels logLevels,
        Sessions sessions,
        Rates rates,
        Upkeep upkeep,
        Retention retention)
        implements AutoCloseable {

    /** Opens the message box that the settings name; closing it closes the store. */
    public static MessageBox open(MessageBoxSettings settings, Access access, Clock clock) {
        return open(Store.open(settings, access), settings, clock, Lane.shared());
    }

    /**
     * Opens the message box as {@link #open(MessageBoxSettings, Access, Clock)} does, and writes ledger records to {@code lane}. A process
     * that writes much at the same time as others takes a lane of its own.
     */
    public static MessageBox open(MessageBoxSettings settings, Access access, Clock clock, Lane lane) {
        return open(Store.open(settings, access), settings, clock, lane);
    }

    /**
     * Opens a message box in {@code store}, and writes ledger records to {@code lane}. Closing it closes the store.
     */
    public static MessageBox open(Store store, MessageBoxSettings settings, Clock own, Lane lane) {
        Clock clock = store.clock(own);
        Ledger ledger = new Ledger(store, clock, lane);
        Retention retention = new Retention(settings);
        BodyStore bodies = new BodyStore(store, clock, BodyKeys.of(settings.bodyKey()));
        Reports reports = new Reports(store);
        ReadyMessages ready = new ReadyMessages(System::nanoTime);
        Inbox inbox = new Inbox(store, ledger, clock, retention, bodies, ready);
        Acknowledgements acknowledgements = new Acknowledgements(inbox);
        Transition transition = new Transition(ledger, acknowledgements, retention);
        OpenAttempts openAttempts = new OpenAttempts(ledger, clock);
        Horizon horizon = new Horizon(store, clock, Monotonic.beside(clock));
        Acts acts = new Acts(store, ledger, clock, transition);
        BulkActs bulkActs = new BulkActs(store, clock, acts);
        Optional<MemoryClaims> inMemory = settings.sqliteFile().map(file -> new MemoryClaims(store, clock, ready));
        Optional<Outbox> outbox =
                settings.sqliteFile().isPresent() ? Optional.empty() : Optional.of(new Outbox(store, ledger, clock));
        return new MessageBox(
                store,
                clock,
                ledger,
                inbox,
                outbox,
                acknowledgements,
                new Claims(store, clock, openAttempts, transition, inMemory),
                new Suspects(store, clock, transition),
                new Losses(store, ledger, clock, openAttempts, transition),
                new Attempts(store, ledger, clock, bodies, transition),
                new LateAnswers(store, ledger, clock, transition),
                acts,
                bulkActs,
                new MessageQueries(store),
                new PortStates(store, ledger, clock),
                new Instances(store, ledger, clock, settings.lease()),
                reports,
                new Alerts(store, ledger, clock),
                new Reloads(store, clock),
                new LogLevels(store, clock),
                new Sessions(store, clock),
                new Rates(store),
                new Upkeep(store, bodies, bulkActs, outbox, reports, horizon, retention),
                retention);
    }

    @Override
    public void close() {
        store.close();
    }
}
