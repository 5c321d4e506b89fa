package io.sendport.host.relay;

import io.sendport.api.adapter.Advice;
import io.sendport.api.adapter.Connecting;
import io.sendport.api.adapter.Contact;
import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Lease;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.Progress;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.api.adapter.Rest;
import io.sendport.api.adapter.SendAdapter;
import io.sendport.api.adapter.SendConnection;
import io.sendport.host.handover.ForwardingConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * The adapter for the embedded relay. If the relay does not accept a connection, or closes it before it has received a mail, the cause is
 * the relay and not the message. The port then rests briefly, and no retry is used. Safe for use by several threads.
 */
public final class EmbeddedRelayAdapter implements SendAdapter {

    /** How long the port rests. */
    static final Duration PAUSE = Duration.ofSeconds(5);

    private final SendAdapter adapter;
    private final Clock clock;

    /** Sends through {@code adapter}. */
    public EmbeddedRelayAdapter(SendAdapter adapter, Clock clock) {
        this.adapter = adapter;
        this.clock = clock;
    }

    @Override
    public Connecting connect() throws InterruptedException {
        return connect(Progress.NONE);
    }

    @Override
    public Connecting connect(Progress progress) throws InterruptedException {
        Connecting asked = adapter.connect(progress);
        return asked instanceof Connecting.Connected connected
                ? new Connecting.Connected(new Own(connected.connection()))
                : asked;
    }

    private final class Own extends ForwardingConnection {

        Own(SendConnection connection) {
            super(connection);
        }

        @Override
        public DeliveryResult send(Delivery delivery, Lease lease) throws Exception {
            DeliveryResult result = super.send(delivery, lease);
            return isCausedByRelay(result)
                    ? result.with(rest(result.recipients().get(0)))
                    : result;
        }
    }

    /** Whether the relay did not get the mail because of the connection, for all recipients. */
    private static boolean isCausedByRelay(DeliveryResult result) {
        return (result.contact() == Contact.NONE || result.contact() == Contact.ENDED)
                && result.recipients().stream().allMatch(each -> each.outcome() == Outcome.DEFERRED);
    }

    private Advice rest(RecipientResult result) {
        Rest rest = new Rest(
                Rest.Cause.RELAY,
                clock.instant().plus(PAUSE),
                "the embedded relay did not take the mail: " + result.described());
        return new Advice(Optional.empty(), Optional.of(rest), false, "embedded relay");
    }

    @Override
    public int concurrency() {
        return adapter.concurrency();
    }

    @Override
    public int maxRecipients() {
        return adapter.maxRecipients();
    }

    @Override
    public Optional<Rest> rest() {
        return adapter.rest();
    }

    @Override
    public void resume() {
        adapter.resume();
    }

    @Override
    public void close() {
        adapter.close();
    }
}
