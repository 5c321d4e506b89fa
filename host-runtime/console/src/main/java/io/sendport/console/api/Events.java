package io.sendport.console.api;

import io.sendport.console.access.Reach;
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
 * Tells what happens as it happens, as server-sent events: which record came, of which kind, about which message and port. Nothing of a private part is
 * in them. Safe for use by several threads.
 */
public final class Events implements AutoCloseable {

    /** Browsers and programs that may listen at the same time. */
    static final int MOST = 64;

    private static final Logger LOG = LoggerFactory.getLogger(Events.class);
    private static final long LOOK_MILLIS = 500;
    /** After so many looks without an event a line is sent, so that nobody on the way takes the connection for dead. */
    private static final int QUIET_LOOKS = 30;
    /** Of more than so many at once only the number is told: a page then looks for itself. */
    private static final int MOST_AT_ONCE = 200;

    private static final int MOST_MISSED = 1_000;
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final Supplier<Optional<Operations>> operations;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final ScheduledThreadPoolExecutor thread = DaemonTimer.named("sendport-events");
    private final ScheduledFuture<?> looks;
    private Optional<Audit.Position> position = Optional.empty();

    /** Looks for events while anybody listens. */
    public Events(Supplier<Optional<Operations>> operations) {
        this.operations = operations;
        looks = thread.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Somebody who listens. */
    private static final class Listener {
        private final Channel channel;
        private final Reach reach;
        private final long began = System.nanoTime();
        private int quiet;

        Listener(Channel channel, Reach reach) {
            this.channel = channel;
            this.reach = reach;
        }

        void tell(List<AuditRecord> records, String place) {
            List<AuditRecord> own = records.stream().filter(this::sees).toList();
            quiet++;
            if (own.isEmpty()) {
                if (quiet >= QUIET_LOOKS) {
                    quiet = 0;
                    channel.send(": nothing new\n\n");
                }
                return;
            }
            quiet = 0;
            if (own.size() > MOST_AT_ONCE) {
                channel.send(event("many", Map.of("count", own.size()), place));
                return;
            }
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < own.size(); i++) {
                // Where it is all told, and not before: what was cut off in between comes again.
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
        if (listeners.size() >= MOST) {
            throw new ProblemException(
                    Problem.Type.NOT_NOW,
                    MOST + " listen here already; ask for pages from time to time",
                    "Retry-After",
                    "30");
        }
        Reach reach = call.caller().reach(Role.VIEWER, all.routing());
        Optional<Audit.Position> seen = call.header("Last-Event-ID").flatMap(all.audit()::position);
        return Answer.live("text/event-stream", channel -> begin(all, new Listener(channel, reach), seen));
    }

    private synchronized void begin(Operations all, Listener listener, Optional<Audit.Position> seen) {
        if (listeners.isEmpty() || position.isEmpty()) {
            position = Optional.of(all.audit().end());
        }
        Audit.Position now = position.orElseThrow();
        // Counted before it hears anything, so that the next to come finds the true number.
        listeners.add(listener);
        listener.channel.send(": Sendport\nretry: 3000\n\n");
        seen.ifPresent(from -> {
            List<AuditRecord> missed = new ArrayList<>();
            from.follow(
                    AuditFilter.all(),
                    now,
                    record -> !listener.sees(record) || (missed.add(record) && missed.size() <= MOST_MISSED));
            listener.tell(missed, now.toString());
        });
    }

    private synchronized void look() {
        long now = System.nanoTime();
        // Whoever goes on listening comes again, and is looked at again.
        listeners.stream().filter(each -> now - each.began > LONGEST_NANOS).forEach(each -> each.channel.close());
        listeners.removeIf(each -> each.channel.isClosed() || now - each.began > LONGEST_NANOS);
        if (listeners.isEmpty()) {
            position = Optional.empty();
            return;
        }
        try {
            List<AuditRecord> records = new ArrayList<>();
            Audit.Position at = position.orElseThrow();
            operations.get().ifPresent(all -> all.audit().follow(AuditFilter.all(), at, records::add));
            listeners.forEach(each -> each.tell(records, at.toString()));
        } catch (StoreException e) {
            LOG.debug("events wait for the message box", e);
        } catch (RuntimeException e) {
            LOG.error("Events can't be told; they are looked for again.", e);
        }
    }

    @Override
    public void close() {
        looks.cancel(false);
        thread.shutdown();
        listeners.forEach(each -> each.channel.close());
    }
}
