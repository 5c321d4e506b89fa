package io.sendport.host.box.control;

import io.sendport.config.port.PortState;
import io.sendport.host.ledger.Entry;
import io.sendport.host.ledger.Kind;
import io.sendport.host.ledger.Ledger;
import io.sendport.host.store.Store;
import io.sendport.host.store.commit.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The states of ports. The configuration gives the first state of a port; a state that an operator sets survives restarts. */
public final class PortStates {

    private final Store store;
    private final Ledger ledger;
    private final Clock clock;

    public PortStates(Store store, Ledger ledger, Clock clock) {
        this.store = store;
        this.ledger = ledger;
        this.clock = clock;
    }

    /** The state of every known port. */
    public Map<String, PortState> all() {
        return store.readWithShortTimeout(handle -> {
            Map<String, PortState> states = new HashMap<>();
            handle.createQuery("SELECT port, state FROM port_state")
                    .map((row, context) -> states.put(row.getString(1), PortState.valueOf(row.getString(2))) == null)
                    .list();
            return states;
        });
    }

    /**
     * The last change of a port's state.
     *
     * @param state the state
     * @param since when it was set
     * @param actor who set it; may be empty
     * @param reason why; may be empty
     */
    public record StateChange(PortState state, Instant since, String actor, String reason) {}

    /** The last change of the state of every known port. */
    public Map<String, StateChange> changes() {
        return store.readWithShortTimeout(handle -> {
            Map<String, StateChange> states = new HashMap<>();
            handle.createQuery("SELECT port, state, at, actor, reason FROM port_state")
                    .map((row, context) -> states.put(
                                    row.getString(1),
                                    new StateChange(
                                            PortState.valueOf(row.getString(2)),
                                            Instant.ofEpochMilli(row.getLong(3)),
                                            row.getString(4),
                                            row.getString(5)))
                            == null)
                    .list();
            return states;
        });
    }

    /** The state of {@code port}; empty when it is unknown. */
    public Optional<PortState> of(String port) {
        return Optional.ofNullable(all().get(port));
    }

    /** Stores the state of a port that is new; does nothing if the port is known. */
    public void initialize(String port, PortState initial) {
        if (of(port).isEmpty()) {
            store.change(
                    transaction -> put(transaction, port, initial, new Actor("configuration", "at the first start")));
        }
    }

    /**
     * Sets the state, and records that on the ledger. Does nothing if the port has that state.
     *
     * @return whether the state changed
     */
    public boolean set(String port, PortState state, Actor actor) {
        if (of(port).filter(state::equals).isPresent()) {
            return false;
        }
        store.change(transaction -> put(transaction, port, state, actor));
        return true;
    }

    /** Stores why a started port sends nothing; {@code pause} is empty when it sends. */
    public void pause(String port, Optional<Pause> pause) {
        store.change(transaction -> transaction
                .handle()
                .execute(
                        "UPDATE port_state SET pause_kind = ?, pause_until = ?, pause_text = ? WHERE port = ?",
                        pause.map(each -> each.kind().name()).orElse(null),
                        pause.flatMap(Pause::until).map(Instant::toEpochMilli).orElse(null),
                        pause.map(Pause::text).orElse(null),
                        port));
    }

    /** Clears all pauses. Call this only while no host runs. */
    public void pauseNothing() {
        store.change(transaction -> transaction
                .handle()
                .execute("UPDATE port_state SET pause_kind = NULL, pause_until = NULL, pause_text = NULL"
                        + " WHERE pause_kind IS NOT NULL"));
    }

    /** The pauses of started ports that send nothing, by port. */
    public Map<String, Pause> pauses() {
        return store.read(handle -> {
            Map<String, Pause> pauses = new HashMap<>();
            handle.createQuery(
                            "SELECT port, pause_kind, pause_until, pause_text FROM port_state WHERE pause_kind IS NOT NULL")
                    .map((row, context) -> pauses.put(row.getString(1), pause(row)) == null)
                    .list();
            return pauses;
        });
    }

    private static Pause pause(ResultSet row) throws SQLException {
        long until = row.getLong(3);
        boolean open = row.wasNull();
        return new Pause(
                Pause.Kind.valueOf(row.getString(2)),
                open ? Optional.empty() : Optional.of(Instant.ofEpochMilli(until)),
                row.getString(4));
    }

    private void put(Transaction transaction, String port, PortState state, Actor actor) {
        transaction
                .handle()
                .execute(
                        "INSERT INTO port_state (port, state, at, actor, reason) VALUES (?, ?, ?, ?, ?) ON CONFLICT (port) DO UPDATE"
                                + " SET state = excluded.state, at = excluded.at, actor = excluded.actor, reason = excluded.reason,"
                                + " pause_kind = NULL, pause_until = NULL, pause_text = NULL",
                        port,
                        state.name(),
                        clock.millis(),
                        actor.name(),
                        actor.reason());
        ledger.append(
                transaction,
                Entry.of(Kind.PORT_STATE)
                        .header("port", port)
                        .header("state", state.word())
                        .detail("actor", actor.name())
                        .detail("reason", actor.reason()));
    }
}
