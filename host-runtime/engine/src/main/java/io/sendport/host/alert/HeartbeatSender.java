package io.sendport.host.alert;

import io.sendport.config.AlertSettings;
import io.sendport.host.box.alert.Alerts;
import io.sendport.host.box.alert.FailingChannel;
import io.sendport.host.store.commit.StoreException;
import io.sendport.support.BoundedHttp;
import io.sendport.support.DaemonTimer;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls the heartbeat URL while this process checks conditions. If the process dies, the calls stop, and the monitor raises an alarm. */
final class HeartbeatSender implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HeartbeatSender.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final AlertSettings.Heartbeat settings;
    private final Alerts alerts;
    private final String owner;
    private final LongSupplier nanos;
    private final BoundedHttp http = new BoundedHttp(TIMEOUT);
    private final AtomicBoolean busy = new AtomicBoolean();
    private final ExecutorService thread = DaemonTimer.named("sendport-heartbeat");
    private Optional<Long> lastCall = Optional.empty();
    private boolean mayHaveFailed = true;

    HeartbeatSender(AlertSettings.Heartbeat settings, Alerts alerts, String owner, LongSupplier nanos) {
        this.settings = settings;
        this.alerts = alerts;
        this.owner = owner;
        this.nanos = nanos;
    }

    /** Calls the URL in the background if the interval has passed since the last call. */
    void callIfDue() {
        long now = nanos.getAsLong();
        boolean isDue =
                lastCall.map(last -> now - last >= settings.every().toNanos()).orElse(true);
        if (isDue && busy.compareAndSet(false, true)) {
            lastCall = Optional.of(now);
            thread.execute(() -> {
                try {
                    store(call(settings, http));
                } catch (StoreException e) {
                    LOG.debug("Cannot store the result of the heartbeat call", e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } finally {
                    busy.set(false);
                }
            });
        }
    }

    /** Calls the URL once and waits for the answer. */
    static ChannelReply call(AlertSettings.Heartbeat settings, BoundedHttp http) throws InterruptedException {
        return WebhookChannel.call(
                AlertSettings.HEARTBEAT,
                http,
                HttpRequest.newBuilder(settings.url())
                        .header("User-Agent", "Sendport")
                        .GET()
                        .build());
    }

    private void store(ChannelReply reply) {
        if (!reply.accepted()) {
            mayHaveFailed = true;
            Optional<FailingChannel> failing =
                    alerts.failed(owner, AlertSettings.HEARTBEAT, tries -> settings.every(), reply.text());
            failing.filter(each -> each.tries() == 1)
                    .ifPresent(each -> LOG.warn(
                            "The call to the heartbeat URL of <alerts> failed: {}. The monitor may report that Sendport is down."
                                    + " Sendport calls again at {}. To test the call:"
                                    + " sendport alerts test",
                            reply.text(),
                            each.nextAt()));
        } else if (mayHaveFailed) {
            alerts.clearFailure(owner, AlertSettings.HEARTBEAT);
            mayHaveFailed = false;
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
