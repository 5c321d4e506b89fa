package io.sendport.host.run;

import io.sendport.api.adapter.Rest;
import io.sendport.api.adapter.SendAdapter;
import io.sendport.config.port.BackupTransport;
import io.sendport.config.port.PortState;
import io.sendport.config.port.Rate;
import io.sendport.config.port.SendPort;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.control.Actor;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The outlets of a port: its transport, and its backup transport if it has one. Safe for use by several threads. */
final class Outlets implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Outlets.class);

    private final SendPort port;
    private final PortServices services;
    private final RetryingWriter writer;
    private final Outlet primary;
    private final Optional<Outlet> backup;

    /** Creates the outlets of {@code port}. {@link #close} closes the adapters. */
    Outlets(
            SendPort port,
            SendAdapter adapter,
            Optional<SendAdapter> backup,
            PortServices services,
            RetryingWriter writer) {
        this.port = port;
        this.services = services;
        this.writer = writer;
        this.primary = new Outlet("primary", adapter, services.throttles().of(port.relayRates()), services.clock());
        List<Rate> rates = port.backup().map(BackupTransport::rates).orElse(List.of());
        this.backup = backup.map(
                each -> new Outlet("backup", each, services.throttles().of(rates), services.clock()));
    }

    /** How many messages the primary transport can deliver at once. */
    int concurrency() {
        return primary.adapter().concurrency();
    }

    boolean hasBackup() {
        return backup.isPresent();
    }

    /** The rest of the port; empty while an outlet may send, unless an operator must act. */
    Optional<Rest> rest() {
        Optional<Rest> first = primary.rest();
        boolean replaced = backup.filter(outlet -> outlet.rest().isEmpty()).isPresent();
        return replaced ? first.filter(Rest::isForPerson) : first;
    }

    /** Whether a reply rule has stopped the port, and {@link #resume} was not called since. */
    boolean isStopped() {
        return primary.isStopped();
    }

    /** Ends the rests of both outlets, whatever their causes. */
    void resume() {
        primary.resume();
        backup.ifPresent(Outlet::resume);
    }

    /** The outlet for messages that have not switched to the backup: the backup while the primary rests, unless an operator must act. */
    Outlet defaultOutlet() {
        boolean replaced = primary.rest().filter(rest -> !rest.isForPerson()).isPresent();
        return replaced ? backup.orElse(primary) : primary;
    }

    /** The outlet for a message: the backup if the message has switched to it, otherwise {@link #defaultOutlet}. */
    Outlet of(MessageRow row) {
        return row.onBackup() ? backup.orElse(primary) : defaultOutlet();
    }

    /** Starts a rest of {@code outlet} that a reply asks for. If an operator must end it, stops the whole port. */
    void rest(Outlet outlet, Rest asked) {
        if (asked.isForPerson()) {
            primary.rest(asked);
            writer.run(() ->
                    services.box().ports().set(port.name(), PortState.STOPPED, new Actor("reply rule", asked.why())));
            LOG.warn("stopped port {} until an operator starts it: {}", port.name(), asked.why());
        } else if (outlet.adapter().rest().isEmpty()) {
            outlet.rest(asked);
            LOG.warn(
                    "port {}, {} transport, rests until {}: {}",
                    port.name(),
                    outlet.name(),
                    asked.until(),
                    asked.why());
        }
    }

    @Override
    public void close() {
        primary.adapter().close();
        backup.ifPresent(outlet -> outlet.adapter().close());
    }
}
