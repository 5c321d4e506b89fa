package io.sendport.host.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.Outcome;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.api.host.Meters;
import io.sendport.config.port.PortState;
import io.sendport.config.port.SendPort;
import io.sendport.host.box.MessageQueries;
import io.sendport.host.box.MessageState;
import io.sendport.host.condition.Condition;
import io.sendport.host.condition.Subject;
import io.sendport.host.decide.NextAction;
import io.sendport.host.pipeline.Timing;
import io.sendport.host.run.PortObserver;
import io.sendport.host.store.Store;
import io.sendport.support.text.Text;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Registers the metrics of ports, messages, conditions and the ledger. Safe for use by several threads. */
public final class Metrics implements PortObserver {

    /** Buckets from the reply time of a local relay to the ten-minute limit for a final reply (RFC 5321, section 4.5.3.2.6). */
    private static final Duration[] BUCKETS = Stream.of(
                    5L, 10L, 25L, 50L, 75L, 100L, 250L, 500L, 750L, 1_000L, 2_500L, 5_000L, 7_500L, 10_000L, 30_000L,
                    60_000L, 600_000L)
            .map(Duration::ofMillis)
            .toArray(Duration[]::new);

    /** Buckets from a message that is sent at once to a message that is retried for two days. */
    private static final Duration[] AGES = Stream.of(
                    50L,
                    100L,
                    250L,
                    500L,
                    1_000L,
                    2_500L,
                    5_000L,
                    10_000L,
                    30_000L,
                    60_000L,
                    300_000L,
                    900_000L,
                    3_600_000L,
                    14_400_000L,
                    86_400_000L,
                    172_800_000L)
            .map(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final Clock clock;
    private final Set<String> shown = ConcurrentHashMap.newKeySet();
    private final MultiGauge shownConditions;
    private final MultiGauge portStates;
    private volatile Map<String, MessageQueries.PortCounts> counts = Map.of();
    private volatile Optional<Instant> checkpoint = Optional.empty();

    /** Registers the metrics with {@code registry}, and measures the writes to {@code store}. */
    public Metrics(MeterRegistry registry, Clock clock, Store store) {
        this.registry = registry;
        this.clock = clock;
        this.shownConditions = MultiGauge.builder("sendport.condition")
                .description("Current conditions: 1 info, 2 attention, 3 failing")
                .register(registry);
        this.portStates = MultiGauge.builder("sendport.port.state")
                .description("Always 1; the label contains the state of the port")
                .register(registry);
        Timer commits = Timer.builder("sendport.commit")
                .description("Time from a write to the message box until it is on disk")
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
        store.observeWrites(commits::record);
        Gauge.builder("sendport.checkpoint.age.seconds", this::checkpointAge)
                .description("Age of the newest checkpoint that this instance signed; NaN before the first")
                .register(registry);
    }

    /** Registers the metrics of {@code port} once, so that they exist with the value zero from the start. */
    public void show(SendPort port) {
        if (!shown.add(port.name())) {
            return;
        }
        for (Outcome outcome : Outcome.values()) {
            recipients(port.name(), outcome);
        }
        suspensions(port.name());
        for (MessageState state : MessageState.values()) {
            if (!state.isEnd()) {
                Gauge.builder("sendport.messages", () -> of(port.name(), state))
                        .description("Messages at the port by state")
                        .tag("port", port.name())
                        .tag("state", state.word())
                        .register(registry);
            }
        }
        Gauge.builder("sendport.oldest.seconds", () -> oldest(port.name()))
                .description("Age of the oldest message that has not ended")
                .tag("port", port.name())
                .register(registry);
    }

    /**
     * Updates the values that are read from the store at intervals.
     *
     * @param now the message counts by port
     * @param states the states of ports by port
     * @param signed when the newest checkpoint was signed; empty before the first
     */
    public void refresh(
            Map<String, MessageQueries.PortCounts> now, Map<String, PortState> states, Optional<Instant> signed) {
        counts = now;
        checkpoint = signed;
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        states.forEach((port, state) -> {
            if (shown.contains(port)) {
                rows.add(MultiGauge.Row.of(Tags.of("port", port, "state", Text.word(state)), 1));
            }
        });
        portStates.register(rows, true);
    }

    private double checkpointAge() {
        return checkpoint
                .map(at -> Duration.between(at, clock.instant()).toMillis() / 1000.0)
                .orElse(Double.NaN);
    }

    private Counter recipients(String port, Outcome outcome) {
        return Counter.builder("sendport.recipients")
                .description("Results for recipients")
                .tag("port", port)
                .tag("outcome", Text.word(outcome))
                .register(registry);
    }

    private Counter suspensions(String port) {
        return Counter.builder("sendport.suspended")
                .description("Messages that were suspended before they became a mail")
                .tag("port", port)
                .register(registry);
    }

    /** Replaces the shown conditions by {@code conditions}. */
    public void show(List<Condition> conditions) {
        Map<Tags, Double> worst = new HashMap<>();
        conditions.forEach(each -> worst.merge(
                Tags.of("kind", each.kind().word(), "subject", label(each)),
                (double) each.severity().number(),
                Math::max));
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        worst.forEach((tags, severity) -> rows.add(MultiGauge.Row.of(tags, severity)));
        shownConditions.register(rows, true);
    }

    /** The label for the subject. Hides the names of certificates, because they may be names of persons. */
    private static String label(Condition condition) {
        return condition.subject().type() == Subject.Type.CERTIFICATE
                ? "certificate"
                : condition.subject().name();
    }

    private double of(String port, MessageState state) {
        MessageQueries.PortCounts at = counts.get(port);
        return at == null ? 0 : at.of(state);
    }

    private double oldest(String port) {
        MessageQueries.PortCounts at = counts.get(port);
        return at == null
                ? 0
                : at.oldest()
                        .map(since -> Duration.between(since, clock.instant()).toMillis() / 1000.0)
                        .orElse(0.0);
    }

    @Override
    public void pipelineRan(String port, java.util.List<Timing> timings) {
        for (Timing timing : timings) {
            Timer.builder("sendport.component")
                    .description("Time of a pipeline component")
                    .tag("port", port)
                    .tag("stage", timing.stage())
                    .tag("component", timing.component())
                    .serviceLevelObjectives(BUCKETS)
                    .register(registry)
                    .record(timing.elapsed());
        }
    }

    @Override
    public void attempted(String port, DeliveryResult result, Optional<NextAction> next) {
        Timer.builder("sendport.attempt")
                .description("Time from asking for a connection to the answer")
                .tag("port", port)
                .tag("relay", result.peer())
                .serviceLevelObjectives(BUCKETS)
                .register(registry)
                .record(result.elapsed());
        for (RecipientResult each : result.recipients()) {
            recipients(port, each.outcome()).increment();
        }
    }

    @Override
    public void done(String port, Duration age) {
        Timer.builder("sendport.delivery")
                .description("Age of a message when its last recipient was accepted")
                .tag("port", port)
                .serviceLevelObjectives(AGES)
                .register(registry)
                // Negative if the clock was ahead at the submit.
                .record(age.isNegative() ? Duration.ZERO : age);
    }

    @Override
    public void suspended(String port) {
        suspensions(port).increment();
    }

    /**
     * Returns the meters for a component or adapter.
     *
     * @param registry where to register them
     * @param labels the labels of all its meters; a component or adapter cannot replace them by its own labels
     */
    public static Meters meters(MeterRegistry registry, Map<String, String> labels) {
        return new Meters() {
            @Override
            public void count(String name, Map<String, String> more) {
                Counter.builder(name)
                        .description(
                                name.equals("sendport.replies")
                                        ? "Replies of relays"
                                        : "Counted by a component or adapter")
                        .tags(tags(more))
                        .register(registry)
                        .increment();
            }

            @Override
            public void time(String name, Duration took, Map<String, String> more) {
                Timer.builder(name)
                        .description("Measured by a component or adapter")
                        .tags(tags(more))
                        .register(registry)
                        .record(took);
            }

            private List<Tag> tags(Map<String, String> more) {
                List<Tag> tags = new ArrayList<>(labels.size() + more.size());
                labels.forEach((name, value) -> tags.add(Tag.of(name, value)));
                more.forEach((name, value) -> {
                    if (!labels.containsKey(name)) {
                        tags.add(Tag.of(name, value));
                    }
                });
                return tags;
            }
        };
    }
}
