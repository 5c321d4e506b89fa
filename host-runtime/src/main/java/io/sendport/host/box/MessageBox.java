package io.sendport.host.box;

import io.sendport.config.MessageBoxSettings;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.store.Store;
import java.time.Clock;

/**
 * The message box of one store: its parts share store, ledger and clock.
 *
 * @param store the database
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
        Store store = Store.open(settings, access);
        Ledger ledger = new Ledger(store, clock);
        BodyStore bodies = new BodyStore(store, clock);
        return new MessageBox(
                store,
                ledger,
                new Inbox(store, ledger, clock, settings.dedupeFor(), bodies),
                new Claims(store, ledger, clock, settings.lease()),
                new Attempts(store, ledger, clock, bodies),
                new Acts(store, ledger, clock),
                new MessageQueries(store),
                new PortStates(store, ledger, clock),
                new Instances(store, ledger, clock),
                new Upkeep(store, clock));
    }

    @Override
    public void close() {
        store.close();
    }
}
