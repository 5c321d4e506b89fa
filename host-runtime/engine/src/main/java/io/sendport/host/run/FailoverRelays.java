package io.sendport.host.run;

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
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit relays of a host as one adapter with failover. If a relay cannot be reached, or refuses the log-on, the next relay gets the
 * delivery in the same attempt. The failed relay is skipped for a while. Safe for use by several threads.
 */
public final class FailoverRelays implements SendAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(FailoverRelays.class);

    /** How long an unavailable relay is skipped. */
    static final Duration SKIP_DURATION = Duration.ofSeconds(30);

    private final List<SendAdapter> relays;
    private final Clock clock;
    private final Consumer<DeliveryResult> skipped;
    private final ConcurrentMap<SendAdapter, Instant> unavailableUntil = new ConcurrentHashMap<>();

    /**
     * Tries {@code relays} in this order.
     *
     * @param clock decides when a skipped relay is tried again
     * @param skipped receives the result of an unavailable relay if another relay gets the delivery, on the thread of the attempt
     */
    public FailoverRelays(List<SendAdapter> relays, Clock clock, Consumer<DeliveryResult> skipped) {
        this.relays = List.copyOf(relays);
        this.clock = clock;
        this.skipped = skipped;
    }

    /** Connects to the first available relay. If none is available, the result of the attempt has the failures of all relays. */
    @Override
    public Connecting connect() throws InterruptedException {
        return connect(Progress.NONE);
    }

    /** As {@link #connect()}. */
    @Override
    public Connecting connect(Progress progress) throws InterruptedException {
        RelayConnection connection = new RelayConnection(inOrder(), progress);
        Optional<Connecting.Busy> busy;
        try {
            busy = connection.open();
        } catch (InterruptedException | RuntimeException | Error e) {
            connection.close();
            throw e;
        }
        if (busy.isPresent()) {
            connection.close();
            return busy.get();
        }
        return new Connecting.Connected(connection);
    }

    /** A connection to the first available relay. It fails over to the next relay if an attempt shows that a relay is unavailable. */
    private final class RelayConnection implements SendConnection {
        private final Deque<SendAdapter> untried;
        /** The relays tried so far; all but the last are unavailable. */
        private final Deque<Tried> tried = new ArrayDeque<>();

        private final Progress progress;

        RelayConnection(List<SendAdapter> inOrder, Progress progress) {
            untried = new ArrayDeque<>(inOrder);
            this.progress = progress;
        }

        /** Connects to relays until one is available or none is left. Not empty if an available relay has no free connection. */
        Optional<Connecting.Busy> open() throws InterruptedException {
            while (!untried.isEmpty()) {
                SendAdapter relay = untried.remove();
                Connecting connecting = relay.connect(progress);
                if (connecting instanceof Connecting.Busy busy) {
                    return Optional.of(busy);
                }
                SendConnection connection = ((Connecting.Connected) connecting).connection();
                tried.addLast(new Tried(relay, connection));
                Optional<String> fault = connection.fault();
                if (fault.isEmpty()) {
                    break;
                }
                markUnavailable(relay, fault.get());
            }
            return Optional.empty();
        }

        @Override
        public Optional<String> fault() {
            return tried.getLast().connection().fault();
        }

        @Override
        public DeliveryResult send(Delivery delivery, Lease lease) throws Exception {
            DeliveryResult result = tried.getFirst().send(delivery, lease);
            while (isUnavailable(result) && hasAlternative()) {
                skipped.accept(result);
                result = combine(result, tried.getFirst().send(delivery, lease));
            }
            return result;
        }

        /** Switches to another relay, and closes the connection to the first that was tried. Returns false if there is none. */
        private boolean hasAlternative() {
            try {
                if (tried.size() == 1 && open().isPresent()) {
                    LOG.debug("no other audit relay has a free connection");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (tried.size() == 1) {
                return false;
            }
            tried.removeFirst().connection().close();
            return true;
        }

        @Override
        public void close() {
            tried.forEach(each -> each.connection().close());
        }
    }

    private final class Tried {
        private final SendAdapter relay;
        private final SendConnection connection;

        Tried(SendAdapter relay, SendConnection connection) {
            this.relay = relay;
            this.connection = connection;
        }

        SendConnection connection() {
            return connection;
        }

        DeliveryResult send(Delivery delivery, Lease lease) throws Exception {
            DeliveryResult result = connection.send(delivery, lease);
            if (isUnavailable(result)) {
                RecipientResult first = result.recipients().get(0);
                String why = first.described();
                markUnavailable(relay, why.contains(result.peer()) ? why : result.peer() + ": " + why);
            } else if (unavailableUntil.remove(relay) != null) {
                LOG.info("audit relay {} is available again", result.peer());
            }
            return result;
        }
    }

    /** The relays in the order to try them. Relays that rest or were unavailable come last, so that there is always one to try. */
    private List<SendAdapter> inOrder() {
        Instant now = clock.instant();
        List<SendAdapter> inOrder = new ArrayList<>();
        List<SendAdapter> last = new ArrayList<>();
        for (SendAdapter each : relays) {
            Instant until = unavailableUntil.getOrDefault(each, Instant.MIN);
            boolean ready = until.isBefore(now) && each.rest().isEmpty();
            (ready ? inOrder : last).add(each);
        }
        inOrder.addAll(last);
        return inOrder;
    }

    private static boolean isUnavailable(DeliveryResult result) {
        return (result.contact() == Contact.NONE || result.contact() == Contact.NOT_ADMITTED)
                && result.recipients().stream().allMatch(each -> each.outcome() == Outcome.DEFERRED);
    }

    private void markUnavailable(SendAdapter relay, String why) {
        Instant before = unavailableUntil.put(relay, clock.instant().plus(SKIP_DURATION));
        if (before == null) {
            LOG.warn(
                    "audit relay unavailable: {}. Sendport uses the next audit relay; if none is available, messages wait. Sendport retries"
                            + " this relay every {} s. To check all relays, run: sendport doctor",
                    why,
                    SKIP_DURATION.toSeconds());
        }
    }

    /** Returns the result of the last relay, with the elapsed time and the dialogues of the relays before it. */
    private static DeliveryResult combine(DeliveryResult before, DeliveryResult last) {
        List<String> dialogue = new ArrayList<>(before.dialogue());
        dialogue.addAll(last.dialogue());
        return last.took(before.elapsed().plus(last.elapsed())).said(dialogue);
    }

    @Override
    public int concurrency() {
        return relays.stream().mapToInt(SendAdapter::concurrency).max().orElse(1);
    }

    /** The rest that ends first, if all relays rest; otherwise empty. */
    @Override
    public Optional<Rest> rest() {
        Optional<Rest> soonest = Optional.empty();
        for (SendAdapter each : relays) {
            Optional<Rest> rest = each.rest();
            if (rest.isEmpty()) {
                return Optional.empty();
            }
            if (soonest.isEmpty() || rest.get().until().isBefore(soonest.get().until())) {
                soonest = rest;
            }
        }
        return soonest;
    }

    @Override
    public void resume() {
        unavailableUntil.clear();
        relays.forEach(SendAdapter::resume);
    }

    @Override
    public int maxRecipients() {
        return relays.stream().mapToInt(SendAdapter::maxRecipients).min().orElse(Integer.MAX_VALUE);
    }

    @Override
    public void close() {
        relays.forEach(SendAdapter::close);
    }
}
