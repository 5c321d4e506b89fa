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
 * The audit relays of a host as one way out. A relay that can't be reached, before it heard of the delivery, is passed over for a
 * while; the next one takes the delivery in the same attempt. Safe for use by several threads.
 */
public final class RelaysInTurn implements SendAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(RelaysInTurn.class);

    /** How long a relay that was away is left alone. */
    static final Duration LEFT_ALONE = Duration.ofSeconds(30);

    private final List<SendAdapter> relays;
    private final Clock clock;
    private final Consumer<DeliveryResult> passedOver;
    private final ConcurrentMap<SendAdapter, Instant> awayUntil = new ConcurrentHashMap<>();

    /**
     * Tries {@code relays} in this order, by {@code clock}.
     *
     * @param passedOver is told what came of a relay that was away, by the thread that delivers
     */
    public RelaysInTurn(List<SendAdapter> relays, Clock clock, Consumer<DeliveryResult> passedOver) {
        this.relays = List.copyOf(relays);
        this.clock = clock;
        this.passedOver = passedOver;
    }

    /** To the first that is there; where none is, to one that says so of all of them. */
    @Override
    public Connecting connect() throws InterruptedException {
        return connect(Progress.NONE);
    }

    /** As {@link #connect()}. */
    @Override
    public Connecting connect(Progress progress) throws InterruptedException {
        RelayConnection connection = new RelayConnection(turns(), progress);
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

    /** One message's way to a relay, and on to the next where that is away. */
    private final class RelayConnection implements SendConnection {
        private final Deque<SendAdapter> left;
        /** All but the last are away. */
        private final Deque<Tried> tried = new ArrayDeque<>();

        private final Progress progress;

        RelayConnection(List<SendAdapter> turns, Progress progress) {
            left = new ArrayDeque<>(turns);
            this.progress = progress;
        }

        /** Goes on until one is there or none is left; set when one is there that has no connection to spare. */
        Optional<Connecting.Busy> open() throws InterruptedException {
            while (!left.isEmpty()) {
                SendAdapter relay = left.remove();
                Connecting asked = relay.connect(progress);
                if (asked instanceof Connecting.Busy busy) {
                    return Optional.of(busy);
                }
                SendConnection connection = ((Connecting.Connected) asked).connection();
                tried.addLast(new Tried(relay, connection));
                Optional<String> fault = connection.fault();
                if (fault.isEmpty()) {
                    break;
                }
                leaveAlone(relay, fault.get());
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
            while (isAway(result) && goesOn()) {
                passedOver.accept(result);
                result = after(result, tried.getFirst().send(delivery, lease));
            }
            return result;
        }

        /** Whether there is another one in the place of the first that was tried. */
        private boolean goesOn() {
            try {
                if (tried.size() == 1 && open().isPresent()) {
                    LOG.debug("no other audit relay has a connection to spare");
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
            if (isAway(result)) {
                RecipientResult first = result.recipients().get(0);
                leaveAlone(relay, first.described());
            } else if (awayUntil.remove(relay) != null) {
                LOG.info("audit relay {} is back", result.peer());
            }
            return result;
        }
    }

    /** Those that rest or were away come last, so that there is always one to try. */
    private List<SendAdapter> turns() {
        Instant now = clock.instant();
        List<SendAdapter> turns = new ArrayList<>();
        List<SendAdapter> last = new ArrayList<>();
        for (SendAdapter each : relays) {
            Instant until = awayUntil.getOrDefault(each, Instant.MIN);
            boolean ready = until.isBefore(now) && each.rest().isEmpty();
            (ready ? turns : last).add(each);
        }
        turns.addAll(last);
        return turns;
    }

    private static boolean isAway(DeliveryResult result) {
        return (result.contact() == Contact.NONE || result.contact() == Contact.NOT_ADMITTED)
                && result.recipients().stream().allMatch(each -> each.outcome() == Outcome.DEFERRED);
    }

    private void leaveAlone(SendAdapter relay, String why) {
        Instant before = awayUntil.put(relay, clock.instant().plus(LEFT_ALONE));
        if (before == null) {
            LOG.warn(
                    "an audit relay can't be reached ({}); the next one takes over, and it is tried again every {} s",
                    why,
                    LEFT_ALONE.toSeconds());
        }
    }

    /** What the last one said, with what was said to those before it. */
    private static DeliveryResult after(DeliveryResult before, DeliveryResult last) {
        List<String> dialogue = new ArrayList<>(before.dialogue());
        dialogue.addAll(last.dialogue());
        return last.took(before.elapsed().plus(last.elapsed())).said(dialogue);
    }

    @Override
    public int concurrency() {
        return relays.stream().mapToInt(SendAdapter::concurrency).min().orElse(1);
    }

    /** Only while all of them do; the first that ends. */
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
        awayUntil.clear();
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
