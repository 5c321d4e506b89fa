package io.sendport.console.api;

import io.sendport.console.access.PortScope;
import io.sendport.console.access.Role;
import io.sendport.console.http.Answer;
import io.sendport.console.http.Call;
import io.sendport.console.http.Channel;
import io.sendport.console.http.Problem;
import io.sendport.console.http.ProblemException;
import io.sendport.console.http.Route;
import io.sendport.host.ledger.AuditFilter;
import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.operate.Audit;
import io.sendport.host.operate.Json;
import io.sendport.host.operate.Operations;
import io.sendport.host.store.commit.StoreException;
import io.sendport.support.DaemonTimer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends new ledger records as server-sent events: position, kind, message id and port. Events contain no private data. Safe for use by
 * several threads.
 */
public final class Events implements AutoCloseable {

    /** The maximum number of listeners at the same time. */
    static final int MAX_LISTENERS = 64;

    private static final Logger LOG = LoggerFactory.getLogger(Events.class);
    private static final long POLL_MILLIS = 500;
    /** The number of polls without an event after which a comment is sent, so that no proxy closes an idle connection. */
    private static final int QUIET_POLLS = 30;
    /** The maximum number of records in one batch. For a larger batch only the count is sent, and pages reload their data. */
    private static final int MAX_BATCH = 200;

    private static final int MAX_MISSED = 1_000;
    private static final long MAX_CONNECTION_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final Supplier<Optional<Operations>> operations;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final ScheduledThreadPoolExecutor thread = DaemonTimer.named("sendport-events");
    private final ScheduledFuture<?> polling;
    private Optional<Audit.Position> position = Optional.empty();

    /** Polls for new records while there are listeners. */
    public Events(Supplier<Optional<Operations>> operations) {
        this.operations = operations;
        polling = thread.scheduleWithFixedDelay(this::poll, POLL_MILLIS, POLL_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** A client that listens. */
    private static final class Listener {
        private final Channel channel;
        private final PortScope reach;
        private final long began = System.nanoTime();
        private int quietPolls;

        Listener(Channel channel, PortScope reach) {
            this.channel = channel;
            this.reach = reach;
        }

        void send(List<AuditRecord> records, String place) {
            List<AuditRecord> own = records.stream().filter(this::sees).toList();
            quietPolls++;
            if (own.isEmpty()) {
                if (quietPolls >= QUIET_POLLS) {
                    quietPolls = 0;
                    channel.send(": nothing new\n\n");
                }
                return;
            }
            quietPolls = 0;
            if (own.size() > MAX_BATCH) {
                channel.send(event("many", Map.of("count", own.size()), place));
                return;
            }
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < own.size(); i++) {
                // Only the last event has an id, so that a client whose connection broke receives the whole batch
                // again.
                text.append(event("record", asMap(own.get(i)), i == own.size() - 1 ? place : ""));
            }
            channel.send(text.toString());
        }

        private boolean sees(AuditRecord record) {
            return record.header("port").isEmpty() ? reach.isEverywhere() : reach.covers(record.header("port"));
        }
    }

    private static String event(String name, Map<String, Object> data, String place) {
        return "event: " + name + (place.isEmpty() ? "" : "\nid: " + place) + "\ndata: " + Json.write(data) + "\n\n";
    }

    private static Map<String, Object> asMap(AuditRecord record) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("kind", record.header("kind"));
        map.put("lane", record.lane());
        map.put("seq", record.seq());
        map.put("at", record.header("at"));
        map.put("message", Optional.of(record.header("message")).filter(each -> !each.isEmpty()));
        map.put("port", Optional.of(record.header("port")).filter(each -> !each.isEmpty()));
        return map;
    }

    List<Route> routes() {
        return List.of(new Route("GET", "/api/v1/events", Set.of(Role.VIEWER), this::listen));
    }

    private Answer listen(Call call) {
        Operations all = operations
                .get()
                .orElseThrow(() -> new ProblemException(Problem.Type.NOT_NOW, "the message box is not open yet"));
        if (listeners.size() >= MAX_LISTENERS) {
            throw new ProblemException(
                    Problem.Type.NOT_NOW,
                    "the limit of " + MAX_LISTENERS + " listeners is reached; poll the API instead, or try again later",
                    "Retry-After",
                    "30");
        }
        PortScope reach = call.caller().reach(Role.VIEWER, all.routing());
        Optional<Audit.Position> seen = call.header("Last-Event-ID").flatMap(all.audit()::position);
        return Answer.live("text/event-stream", channel -> begin(all, new Listener(channel, reach), seen));
    }

    private synchronized void begin(Operations all, Listener listener, Optional<Audit.Position> seen) {
        if (listeners.isEmpty() || position.isEmpty()) {
            position = Optional.of(all.audit().end());
        }
        Audit.Position now = position.orElseThrow();
        // Added before anything is sent, so that the next caller sees the correct number of listeners.
        listeners.add(listener);
        listener.channel.send(": Sendport\nretry: 3000\n\n");
        seen.ifPresent(from -> {
            List<AuditRecord> missed = new ArrayList<>();
            from.follow(
                    AuditFilter.all(),
                    now,
                    record -> !listener.sees(record) || (missed.add(record) && missed.size() <= MAX_MISSED));
            listener.send(missed, now.toString());
        });
    }

    private synchronized void poll() {
        long now = System.nanoTime();
        // Clients that are still interested reconnect, and the gate authenticates them again.
        listeners.stream()
                .filter(each -> now - each.began > MAX_CONNECTION_NANOS)
                .forEach(each -> each.channel.close());
        listeners.removeIf(each -> each.channel.isClosed() || now - each.began > MAX_CONNECTION_NANOS);
        if (listeners.isEmpty()) {
            position = Optional.empty();
            return;
        }
        try {
            List<AuditRecord> records = new ArrayList<>();
            Audit.Position at = position.orElseThrow();
            operations.get().ifPresent(all -> all.audit().follow(AuditFilter.all(), at, records::add));
            listeners.forEach(each -> each.send(records, at.toString()));
        } catch (StoreException e) {
            LOG.debug("cannot read events, the message box is not available", e);
        } catch (RuntimeException e) {
            LOG.error("Cannot send events to listeners, will retry.", e);
        }
    }

    @Override
    public void close() {
        polling.cancel(false);
        thread.shutdown();
        listeners.forEach(each -> each.channel.close());
    }
}
