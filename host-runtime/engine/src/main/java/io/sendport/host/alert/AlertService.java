package io.sendport.host.alert;

import io.sendport.api.adapter.Lease;
import io.sendport.config.AlertSettings;
import io.sendport.config.Configuration;
import io.sendport.config.Equivalence;
import io.sendport.host.box.alert.Alerts;
import io.sendport.host.box.alert.FailingChannel;
import io.sendport.host.condition.Condition;
import io.sendport.host.condition.alert.AlertEvaluation;
import io.sendport.host.condition.alert.AlertProgress;
import io.sendport.host.condition.alert.AlertTimes;
import io.sendport.host.pipeline.Extensions;
import io.sendport.host.store.commit.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the conditions and sends alerts while this process holds the alert lease. The message box stores alerts and their state, so
 * another process can continue when the lease holder dies. It repeats an alert that was being sent, with the same id. One thread
 * calls {@link #turn}; any thread may call {@link #close}.
 */
public final class AlertService implements AutoCloseable {

    /** The age at which an alert is dropped for a channel that has not accepted it. A later reminder lists what still lasts. */
    static final Duration MAX_WAIT = Duration.ofDays(1);
    /** How long closing waits for a channel. Longer than the 15 seconds within which a webhook must answer. */
    private static final Duration MAX_SEND = Duration.ofSeconds(20);

    private static final Logger LOG = LoggerFactory.getLogger(AlertService.class);
    private static final long CLEAN_UP_INTERVAL_NANOS = Duration.ofMinutes(1).toNanos();

    private final Alerts alerts;
    private final String owner;
    private final Duration lease;
    private final Watched watched;
    private final Extensions extensions;
    private final Clock clock;
    private final LongSupplier nanos;
    private final Lease leaseCheck = this::holdsLease;
    private Optional<AlertSettings> settings = Optional.empty();
    private List<ChannelSender> channels = List.of();
    private Optional<HeartbeatSender> heartbeat = Optional.empty();
    private boolean hasReadSettings;
    private boolean hadAlerts;
    private boolean isCleanUpDue = true;
    private long cleanedUpAt;
    private volatile Optional<Long> leasedAt = Optional.empty();
    private volatile boolean closed;

    /**
     * The inputs of the service.
     *
     * @param configuration supplies the active configuration
     * @param conditions supplies the present conditions; may throw a {@link StoreException}
     * @param instance supplies the name of an instance of this process
     */
    public record Watched(
            Supplier<Configuration> configuration, Supplier<List<Condition>> conditions, Supplier<String> instance) {}

    /**
     * Creates a service that holds the alert lease as {@code owner}.
     *
     * @param owner identifies this process among those that share the message box
     * @param lease the duration of the lease; after it, another process can replace one that died
     * @param nanos the clock for elapsed time, in nanoseconds
     */
    public AlertService(
            Alerts alerts,
            String owner,
            Duration lease,
            Watched watched,
            Extensions extensions,
            Clock clock,
            LongSupplier nanos) {
        this.alerts = alerts;
        this.owner = owner;
        this.lease = lease;
        this.watched = watched;
        this.extensions = extensions;
        this.clock = clock;
        this.nanos = nanos;
    }

    /**
     * Checks the conditions once, and starts to send due alerts in the background. Does nothing after {@link #close}.
     *
     * @throws StoreException when the message box is unavailable; the next turn continues
     */
    public synchronized void turn() {
        if (closed) {
            return;
        }
        boolean hasChanged = applySettings();
        if (settings.isEmpty()) {
            if (hasChanged) {
                deleteLeftovers();
            }
            return;
        }
        long requestedAt = nanos.getAsLong();
        if (!alerts.lease(owner, lease)) {
            leasedAt = Optional.empty();
            return;
        }
        leasedAt = Optional.of(requestedAt);
        evaluate(settings.get());
    }

    private void evaluate(AlertSettings present) {
        if (isCleanUpDue || nanos.getAsLong() - cleanedUpAt >= CLEAN_UP_INTERVAL_NANOS) {
            cleanUp(present);
        }
        List<AlertProgress> before = alerts.all();
        AlertEvaluation evaluation = AlertEvaluation.of(
                before,
                watched.conditions().get(),
                new AlertTimes(present.pending(), present.calm(), present.reminder()),
                now(),
                () -> UUID.randomUUID().toString());
        alerts.write(owner, before, evaluation, present.channels());
        channels.forEach(ChannelSender::send);
        heartbeat.ifPresent(HeartbeatSender::callIfDue);
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }

    private void cleanUp(AlertSettings present) {
        List<String> names = Stream.concat(
                        present.channels().stream(),
                        present.heartbeat().stream().map(each -> AlertSettings.HEARTBEAT))
                .toList();
        alerts.forget(owner, now().minus(MAX_WAIT), names)
                .forEach((channel, number) -> LOG.error(
                        "Dropped alerts that channel {} did not accept within a day: {}. `sendport status` shows the reason. Correct"
                                + " the channel in <alerts>, or ask the administrator of its server. Then run `sendport alerts test`",
                        channel,
                        number));
        if (isCleanUpDue) {
            // The settings are new or have changed, so a failing channel may work now.
            alerts.retry(owner);
        }
        isCleanUpDue = false;
        cleanedUpAt = nanos.getAsLong();
    }

    /**
     * Deletes stored alerts and channel failures when the configuration has no {@code <alerts>}. Another process may still have them.
     * Therefore deletes only if this process had {@code <alerts>} before, or no process has tried the failing channels for a day.
     */
    private void deleteLeftovers() {
        List<FailingChannel> failing = alerts.failing();
        Instant limit = now().minus(MAX_WAIT);
        boolean isAbandoned = !failing.isEmpty()
                && failing.stream().allMatch(each -> each.nextAt().isBefore(limit));
        boolean isEmpty = failing.isEmpty() && alerts.all().isEmpty();
        if ((hadAlerts || isAbandoned) && !isEmpty && alerts.lease(owner, lease)) {
            alerts.clear(owner);
            alerts.release(owner);
        }
    }

    /** Activates the configured settings. Returns whether they have changed; true for the first call. */
    private boolean applySettings() {
        Optional<AlertSettings> next = watched.configuration().get().alerts();
        if (hasReadSettings && Equivalence.isEquivalent(next, settings)) {
            return false;
        }
        hasReadSettings = true;
        hadAlerts |= settings.isPresent();
        closeSenders();
        settings = next;
        isCleanUpDue = true;
        next.ifPresent(present -> {
            List<ChannelSender> senders = new ArrayList<>();
            for (Channel each : AlertChannels.of(present, extensions, clock)) {
                senders.add(new ChannelSender(each, alerts, owner, this::sender, leaseCheck));
            }
            channels = List.copyOf(senders);
            heartbeat = present.heartbeat().map(each -> new HeartbeatSender(each, alerts, owner, nanos));
        });
        return true;
    }

    private AlertSender sender() {
        return AlertSender.of(watched.configuration().get(), watched.instance());
    }

    /** Returns whether the lease of the last turn is still valid. At that turn, at least half of the lease was left. */
    private boolean holdsLease() {
        return !closed
                && leasedAt.map(at -> nanos.getAsLong() - at < lease.toNanos() / 2)
                        .orElse(false);
    }

    /** Waits for the senders. Returns false if one still sends: then the lease must expire, or another process repeats that alert. */
    private static boolean awaitEnd(List<ChannelSender> senders) {
        try {
            for (ChannelSender each : senders) {
                if (!each.awaitEnd(MAX_SEND)) {
                    return false;
                }
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void closeSenders() {
        channels.forEach(ChannelSender::close);
        heartbeat.ifPresent(HeartbeatSender::close);
        channels = List.of();
        heartbeat = Optional.empty();
    }

    /** Stops sending, and releases the lease so that another process can send alerts immediately. */
    @Override
    public void close() {
        closed = true;
        synchronized (this) {
            List<ChannelSender> senders = channels;
            closeSenders();
            if (leasedAt.isPresent() && awaitEnd(senders)) {
                try {
                    alerts.release(owner);
                } catch (StoreException e) {
                    LOG.warn(
                            "Cannot release the alert lease: {}. Another process can send alerts when the lease expires,"
                                    + " within {} s. No action is needed.",
                            e.getMessage(),
                            lease.toSeconds());
                }
            }
        }
    }
}
