package io.sendport.host.run;

import io.sendport.api.adapter.Contact;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.PeerFault;
import io.sendport.host.box.control.Report;
import io.sendport.host.condition.Condition;
import io.sendport.host.condition.ConditionKind;
import io.sendport.host.condition.Escalation;
import io.sendport.host.condition.Severity;
import io.sendport.host.condition.Subject;
import io.sendport.host.decide.NextAction;
import io.sendport.host.pipeline.Timing;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Records the results of the attempts of one instance: since when relays fail, and how much each port delivered recently. Safe for use by
 * several threads.
 */
public final class DeliveryHistory implements PortObserver {

    /** A failure ends as a condition after this time without a new failure, if no message of the port waits. */
    private static final Duration STALE = Duration.ofMinutes(1);

    private final Clock clock;
    private final Map<Route, FailureSeries> series = new ConcurrentHashMap<>();
    private final Map<String, Delivered> delivered = new ConcurrentHashMap<>();

    /** Creates an empty history. */
    public DeliveryHistory(Clock clock) {
        this.clock = clock;
    }

    /** A route from a port to a relay. */
    private record Route(String port, String relay) {}

    /** A series of failures without a success between them. */
    private record FailureSeries(PeerFault fault, Instant since, Instant last, long failures, Optional<Instant> next) {

        FailureSeries and(PeerFault newer, Instant now, Optional<Instant> retryAt) {
            // A different fault of the same relay is a separate condition with its own start.
            return newer.kind() == fault.kind()
                    ? new FailureSeries(newer, since, now, failures + 1, retryAt)
                    : new FailureSeries(newer, now, now, 1, retryAt);
        }
    }

    @Override
    public void pipelineRan(String port, List<Timing> timings) {
        // Nothing was attempted.
    }

    @Override
    public void suspended(String port) {
        // Nothing was attempted.
    }

    @Override
    public void done(String port, Duration age) {
        // attempted() records the delivery.
    }

    @Override
    public void attempted(String port, DeliveryResult result, Optional<NextAction> next) {
        recordResult(port, result, next);
        if (result.has(Outcome.ACCEPTED)) {
            delivered
                    .computeIfAbsent(port, name -> new Delivered())
                    .add(
                            clock.instant(),
                            next.filter(NextAction.Done.class::isInstance).isPresent());
        }
    }

    /** Records that a relay was unavailable, so that another relay got the delivery in the same attempt. */
    public void skipped(String port, DeliveryResult result) {
        recordResult(port, result, Optional.empty());
    }

    private void recordResult(String port, DeliveryResult result, Optional<NextAction> next) {
        Route route = new Route(port, result.peer());
        if (result.fault().isEmpty()) {
            if (result.contact() == Contact.MADE) {
                series.remove(route);
            }
            return;
        }
        PeerFault fault = result.fault().get();
        Instant now = clock.instant();
        Optional<Instant> retryAt =
                next.filter(NextAction.Retry.class::isInstance).map(each -> ((NextAction.Retry) each).at());
        series.compute(
                route,
                (key, found) -> found == null
                        ? new FailureSeries(fault, now, now, 1, retryAt)
                        : found.and(fault, now, retryAt));
    }

    /** Forgets the failures of a port that was removed, or restarted with other settings. Its earlier results no longer count. */
    public void forget(String port) {
        series.keySet().removeIf(route -> route.port().equals(port));
    }

    /** When a relay last accepted a message of the port; empty if none has since the start. */
    public Optional<Instant> lastAccepted(String port) {
        return Optional.ofNullable(delivered.get(port)).flatMap(Delivered::last);
    }

    /**
     * The conditions of relays and accounts that fail.
     *
     * @param waits tells whether messages wait at a port
     */
    public List<Condition> conditions(Predicate<String> waits) {
        Instant now = clock.instant();
        series.entrySet()
                .removeIf(each -> Duration.between(each.getValue().last(), now).compareTo(STALE) > 0
                        && !waits.test(each.getKey().port()));
        return Condition.merged(series.entrySet().stream()
                .map(each -> condition(
                        each.getKey(),
                        each.getValue(),
                        now,
                        waits.test(each.getKey().port())))
                .toList());
    }

    private Condition condition(Route route, FailureSeries found, Instant now, boolean waits) {
        ConditionKind kind = kind(found.fault().kind());
        Severity severity = Escalation.of(found.failures(), found.since(), now, waits, lastAccepted(route.port()));
        // A retry does not resolve these, so an operator must act.
        boolean forOperator =
                switch (found.fault().kind()) {
                    case CERTIFICATE, CERTIFICATE_DATES, NO_TLS, LOG_ON -> true;
                    case UNREACHABLE, SILENT, REFUSES, NO_TOKEN -> false;
                };
        return new Condition(
                kind,
                new Subject(kind.subject(), route.relay()),
                forOperator && severity == Severity.INFO ? Severity.ATTENTION : severity,
                found.since(),
                found.failures(),
                found.fault().text(),
                found.next(),
                new TreeSet<>(List.of(route.port())),
                new TreeSet<>());
    }

    private static ConditionKind kind(PeerFault.Kind fault) {
        return switch (fault) {
            case UNREACHABLE -> ConditionKind.RELAY_UNREACHABLE;
            case SILENT -> ConditionKind.RELAY_SILENT;
            case REFUSES -> ConditionKind.RELAY_REFUSES;
            case CERTIFICATE -> ConditionKind.RELAY_CERTIFICATE_REFUSED;
            case CERTIFICATE_DATES -> ConditionKind.RELAY_CERTIFICATE_DATES;
            case NO_TLS -> ConditionKind.RELAY_TLS_MISSING;
            case NO_TOKEN -> ConditionKind.TOKEN_UNAVAILABLE;
            case LOG_ON -> ConditionKind.CREDENTIAL_REFUSED;
        };
    }

    /** How many messages each port delivered in the last minute. */
    public List<Report.Activity> activity() {
        Instant now = clock.instant();
        List<Report.Activity> activity = new ArrayList<>();
        delivered.forEach((port, each) ->
                each.last().ifPresent(last -> activity.add(new Report.Activity(port, each.lastMinute(now), last))));
        return activity;
    }

    /** Returns the number of messages delivered since the last call, by port in the order of port names, and resets it. */
    public Map<String, Long> takeDelivered() {
        Map<String, Long> taken = new TreeMap<>();
        delivered.forEach((port, each) -> {
            long number = each.takeUnreported();
            if (number > 0) {
                taken.put(port, number);
            }
        });
        return taken;
    }

    /** Adds the numbers from {@link #takeDelivered} again, because they could not be stored. */
    public void restoreDelivered(Map<String, Long> taken) {
        taken.forEach((port, number) ->
                delivered.computeIfAbsent(port, ignored -> new Delivered()).addUnreported(number));
    }

    /** The deliveries of one port, by second for the last minute. */
    private static final class Delivered {
        private static final int SECONDS = 60;

        private final long[] counts = new long[SECONDS];
        private final long[] seconds = new long[SECONDS];
        private Optional<Instant> last = Optional.empty();
        private long unreported;

        synchronized void add(Instant now, boolean isMessage) {
            last = Optional.of(now);
            if (!isMessage) {
                return;
            }
            int slot = Math.floorMod(now.getEpochSecond(), SECONDS);
            if (seconds[slot] != now.getEpochSecond()) {
                seconds[slot] = now.getEpochSecond();
                counts[slot] = 0;
            }
            counts[slot]++;
            unreported++;
        }

        synchronized long lastMinute(Instant now) {
            long sum = 0;
            for (int i = 0; i < SECONDS; i++) {
                long age = now.getEpochSecond() - seconds[i];
                sum += age >= 0 && age < SECONDS ? counts[i] : 0;
            }
            return sum;
        }

        synchronized Optional<Instant> last() {
            return last;
        }

        synchronized void addUnreported(long number) {
            unreported += number;
        }

        synchronized long takeUnreported() {
            long taken = unreported;
            unreported = 0;
            return taken;
        }
    }
}
