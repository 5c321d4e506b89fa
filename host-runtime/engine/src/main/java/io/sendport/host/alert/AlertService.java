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
 * Watches the conditions and sends alerts while it holds the lease of the speaker. State and messages are in the message box: when the
 * speaker dies, another process goes on where it stopped. A message that was on its way then is repeated with the same id. One thread calls
 * {@link #turn}; any thread may call {@link #close}.
 */
public final class AlertService implements AutoCloseable {

    /** Alerts that no channel took for so long are dropped; a reminder lists what still lasts. */
    static final Duration MAX_WAIT = Duration.ofDays(1);
    /** A webhook answers within 15 seconds, or has failed. */
    private static final Duration MAX_SEND = Duration.ofSeconds(20);

    private static final Logger LOG = LoggerFactory.getLogger(AlertService.class);
    private static final long CLEAN_UP_NANOS = Duration.ofMinutes(1).toNanos();

    private final Alerts alerts;
    private final String owner;
    private final Duration lease;
    private final Watched watched;
    private final Extensions extensions;
    private final Clock clock;
    private final LongSupplier nanos;
    private final Lease held = this::isSpeaker;
    private Optional<AlertSettings> settings = Optional.empty();
    private List<ChannelSender> channels = List.of();
    private Optional<HeartbeatSender> heartbeat = Optional.empty();
    private boolean known;
    private boolean hadAlerts;
    private boolean isCleanUpDue = true;
    private long cleanedUpAt;
    private volatile Optional<Long> leasedAt = Optional.empty();
    private volatile boolean closed;

    /**
     * What is watched.
     *
     * @param configuration the active configuration
     * @param conditions the present conditions; may throw a {@link StoreException}
     * @param instance the name of an instance of this process
     */
    public record Watched(
            Supplier<Configuration> configuration, Supplier<List<Condition>> conditions, Supplier<String> instance) {}

    /**
     * Speaks as {@code owner}.
     *
     * @param lease how long another process waits before it speaks in the place of one that died
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
     * Looks at the conditions once, and starts to send what is due.
     *
     * @throws StoreException when the message box is unavailable; the next turn goes on
     */
    public synchronized void turn() {
        if (closed) {
            return;
        }
        boolean isNew = follow();
        if (settings.isEmpty()) {
            if (isNew) {
                deleteLeftOvers();
            }
            return;
        }
        long asked = nanos.getAsLong();
        if (!alerts.lease(owner, lease)) {
            leasedAt = Optional.empty();
            return;
        }
        leasedAt = Optional.of(asked);
        look(settings.get());
    }

    private void look(AlertSettings present) {
        if (isCleanUpDue || nanos.getAsLong() - cleanedUpAt >= CLEAN_UP_NANOS) {
            cleanUp(present);
        }
        List<AlertProgress> before = alerts.all();
        AlertEvaluation turn = AlertEvaluation.of(
                before,
                watched.conditions().get(),
                new AlertTimes(present.pending(), present.calm(), present.reminder()),
                now(),
                () -> UUID.randomUUID().toString());
        alerts.write(owner, before, turn, present.channels());
        channels.forEach(ChannelSender::send);
        heartbeat.ifPresent(HeartbeatSender::beat);
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
                        "Dropped alerts that channel {} did not accept within a day: {}. `sendport status` says why. Correct"
                                + " the channel in <alerts>, or tell the administrator of its server; then run `sendport alerts test`",
                        channel,
                        number));
        if (isCleanUpDue) {
            // Somebody may have corrected a channel.
            alerts.retry(owner);
        }
        isCleanUpDue = false;
        cleanedUpAt = nanos.getAsLong();
    }

    /**
     * Without {@code <alerts>}, nothing waits and nothing fails. Another process may have them though: what it left is deleted only when this process had alerts itself
     * before, or when nobody has tried a failing channel for long.
     */
    private void deleteLeftOvers() {
        List<FailingChannel> failing = alerts.failing();
        Instant longAgo = now().minus(MAX_WAIT);
        boolean isLeftOver = !failing.isEmpty()
                && failing.stream().allMatch(each -> each.nextAt().isBefore(longAgo));
        boolean isEmpty = failing.isEmpty() && alerts.all().isEmpty();
        if ((hadAlerts || isLeftOver) && !isEmpty && alerts.lease(owner, lease)) {
            alerts.clear(owner);
            alerts.release(owner);
        }
    }

    /** Takes over changed settings; whether it is the first time, or they have changed. */
    private boolean follow() {
        Optional<AlertSettings> next = watched.configuration().get().alerts();
        if (known && Equivalence.isEquivalent(next, settings)) {
            return false;
        }
        known = true;
        hadAlerts |= settings.isPresent();
        stop();
        settings = next;
        isCleanUpDue = true;
        next.ifPresent(present -> {
            List<ChannelSender> made = new ArrayList<>();
            for (Channel each : AlertChannels.of(present, extensions, clock)) {
                made.add(new ChannelSender(each, alerts, owner, this::sender, held));
            }
            channels = List.copyOf(made);
            heartbeat = present.heartbeat().map(each -> new HeartbeatSender(each, alerts, owner, nanos));
        });
        return true;
    }

    private AlertSender sender() {
        return AlertSender.of(watched.configuration().get(), watched.instance());
    }

    /** Whether the lease held at the last turn has not ended yet; at least half of it was left then. */
    private boolean isSpeaker() {
        return !closed
                && leasedAt.map(at -> nanos.getAsLong() - at < lease.toNanos() / 2)
                        .orElse(false);
    }

    /** Whether no message is on its way any more. Otherwise the lease runs out by itself, so that no other process repeats that message at once. */
    private static boolean hasEnded(List<ChannelSender> working) {
        try {
            for (ChannelSender each : working) {
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

    private void stop() {
        channels.forEach(ChannelSender::close);
        heartbeat.ifPresent(HeartbeatSender::close);
        channels = List.of();
        heartbeat = Optional.empty();
    }

    /** Sends nothing more, and lets another process speak at once. */
    @Override
    public void close() {
        closed = true;
        synchronized (this) {
            List<ChannelSender> working = channels;
            stop();
            if (leasedAt.isPresent() && hasEnded(working)) {
                try {
                    alerts.release(owner);
                } catch (StoreException e) {
                    LOG.warn(
                            "Cannot give back the lease of alerts: {}. Another process can send alerts when the lease ends,"
                                    + " within {} s. Nothing needs to be done.",
                            e.getMessage(),
                            lease.toSeconds());
                }
            }
        }
    }
}
