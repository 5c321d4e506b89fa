package io.sendport.host.box;

import io.sendport.config.MessageBoxSettings;
import io.sendport.host.ledger.Lane;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.store.Store;
import java.time.Clock;

/**
 * The message box of one store: its parts share store, ledger and clock.
 *
 * @param store the database
 * @param clock the time that all who work on it go by
 * @param ledger the audit ledger in it
 * @param inbox messages in and out
 * @param claims who may send what
 * @param attempts deliveries and attempts
 * @param acts what operators do
 * @param queries looking without touching
 * @param ports states of ports
 * @param instances host instances
 * @param upkeep deletes what has served its time
 */
public record MessageBox(
        Store store,
        Clock clock,
        Ledger ledger,
        Inbox inbox,
        Claims claims,
        Attempts attempts,
        Acts acts,
        MessageQueries queries,
        PortStates ports,
        Instances instances,
        Upkeep upkeep)
        implements AutoCloseable {

    /** Opens the message box that the settings name; closing it closes the store. */
    public static MessageBox open(MessageBoxSettings settings, Store.Access access, Clock clock) {
        return open(settings, access, clock, Lane.shared());
    }

    /** As {@link #open(MessageBoxSettings, Store.Access, Clock)}, for a process that writes much, beside others that do. */
    public static MessageBox open(MessageBoxSettings settings, Store.Access access, Clock own, Lane lane) {
        Store store = Store.open(settings, access);
        Clock clock = store.clock(own);
        Ledger ledger = new Ledger(store, clock, lane);
        BodyStore bodies = new BodyStore(store, clock);
        return new MessageBox(
                store,
                clock,
                ledger,
                new Inbox(store, ledger, clock, settings.dedupeFor(), bodies),
                new Claims(store, ledger, clock),
                new Attempts(store, ledger, clock, bodies),
                new Acts(store, ledger, clock),
                new MessageQueries(store),
                new PortStates(store, ledger, clock),
                new Instances(store, ledger, clock, settings.lease()),
                new Upkeep(store, clock));
    }

    @Override
    public void close() {
        store.close();
    }
}
