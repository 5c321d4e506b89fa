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

/** The transport of a port and its backup transport, if it has one. Safe for use by several threads. */
final class Outlets implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Outlets.class);

    private final SendPort port;
    private final PortServices place;
    private final RetryingWriter written;
    private final Outlet primary;
    private final Optional<Outlet> backup;

    /** Creates the outlets of {@code port}; {@link #close} closes the adapters. */
    Outlets(
            SendPort port,
            SendAdapter adapter,
            Optional<SendAdapter> backup,
            PortServices place,
            RetryingWriter written) {
        this.port = port;
        this.place = place;
        this.written = written;
        this.primary = new Outlet("primary", adapter, place.throttles().of(port.relayRates()), place.clock());
        List<Rate> rates = port.backup().map(BackupTransport::rates).orElse(List.of());
        this.backup =
                backup.map(each -> new Outlet("backup", each, place.throttles().of(rates), place.clock()));
    }

    /** How many messages the port's own transport can deliver at once. */
    int concurrency() {
        return primary.adapter().concurrency();
    }

    boolean hasBackup() {
        return backup.isPresent();
    }

    /** Set while no outlet is open, or while an operator must act. */
    Optional<Rest> rest() {
        Optional<Rest> first = primary.rest();
        boolean replaced = backup.filter(outlet -> outlet.rest().isEmpty()).isPresent();
        return replaced ? first.filter(Rest::isForPerson) : first;
    }

    /** Whether a result asked to stop the port, and nothing has ended that since. */
    boolean isStopped() {
        return primary.isStopped();
    }

    /** Ends the rest of both outlets, regardless of its cause. */
    void resume() {
        primary.resume();
        backup.ifPresent(Outlet::resume);
    }

    /** The outlet for messages whose own retries have not moved them to the backup. */
    Outlet defaultOutlet() {
        boolean replaced = primary.rest().filter(rest -> !rest.isForPerson()).isPresent();
        return replaced ? backup.orElse(primary) : primary;
    }

    /** The outlet for a message: the backup if the message's retries reached it, or while the port's own transport rests. */
    Outlet of(MessageRow row) {
        return row.onBackup() ? backup.orElse(primary) : defaultOutlet();
    }

    /** Applies what a reply rule asks of {@code outlet}, or of the whole port. */
    void rest(Outlet outlet, Rest asked) {
        if (asked.isForPerson()) {
            primary.rest(asked);
            written.run(() ->
                    place.box().ports().set(port.name(), PortState.STOPPED, new Actor("reply rule", asked.why())));
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
