package io.sendport.host.alert;

import io.sendport.api.adapter.Lease;
import io.sendport.host.box.alert.Alerts;
import io.sendport.host.box.alert.FailingChannel;
import io.sendport.host.condition.alert.Alert;
import io.sendport.host.condition.alert.AlertNote;
import io.sendport.host.store.commit.StoreException;
import io.sendport.support.DaemonTimer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends the alerts of one channel, oldest first. Each channel has its own thread, so a channel that hangs does not delay the others. */
final class ChannelSender implements AutoCloseable {

    /** The number of failed attempts after which the channel is tried only every five minutes. */
    static final int QUICK_TRIES = 5;

    private static final Logger LOG = LoggerFactory.getLogger(ChannelSender.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final int GROWTH = 3;

    private final Channel channel;
    private final Alerts alerts;
    private final String owner;
    private final Supplier<AlertSender> sender;
    private final Lease lease;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final ExecutorService thread;
    private volatile boolean closed;

    ChannelSender(Channel channel, Alerts alerts, String owner, Supplier<AlertSender> sender, Lease lease) {
        this.channel = channel;
        this.alerts = alerts;
        this.owner = owner;
        this.sender = sender;
        this.lease = lease;
        this.thread = DaemonTimer.named("sendport-alerts-" + channel.name());
    }

    /** Returns the pause after that many failed attempts: 5, 15, 45 and 135 seconds, then 5 minutes. */
    static Duration pause(long tries) {
        if (tries >= QUICK_TRIES) {
            return Alerts.MAX_PAUSE;
        }
        Duration pause = FIRST_PAUSE;
        for (long i = 1; i < tries; i++) {
            pause = pause.multipliedBy(GROWTH);
        }
        return pause;
    }

    /** Starts to send the waiting alerts in the background. Does nothing while an earlier call still runs. */
    void send() {
        if (busy.compareAndSet(false, true)) {
            thread.execute(() -> {
                try {
                    sendAll();
                } catch (StoreException e) {
                    LOG.debug("Alerts of channel {} wait until the message box is available", channel.name(), e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } catch (RuntimeException e) {
                    LOG.error("Cannot send alerts through channel {}; will retry", channel.name(), e);
                } finally {
                    busy.set(false);
                }
            });
        }
    }

    private void sendAll() throws InterruptedException {
        Optional<Alert> next = alerts.next(channel.name());
        while (next.isPresent() && !closed && lease.isHeld()) {
            Alert alert = next.get();
            AlertSender sentBy = sender.get();
            ChannelReply reply = channel.send(alert, sentBy, lease);
            boolean mayContinue = reply.accepted() ? storeSuccess(alert, sentBy) : storeFailure(alert, reply);
            if (!mayContinue) {
                return;
            }
            next = alerts.next(channel.name());
        }
    }

    /** Returns whether this process may send the next alert. */
    private boolean storeSuccess(Alert alert, AlertSender sentBy) {
        boolean isStored = alerts.taken(owner, sentBy.instance(), channel.name(), alert);
        LOG.info(
                "Sent alert {} through {}: {}, conditions: {}",
                alert.id(),
                channel.name(),
                alert.type().word(),
                alert.notes().size());
        return isStored;
    }

    /** Always returns false: the channel pauses after a failure. */
    private boolean storeFailure(Alert alert, ChannelReply reply) {
        if (!lease.isHeld()) {
            // This service closes, or another process sends alerts now. That is not a failure of the channel.
            return false;
        }
        String error = AlertNote.withoutAddresses(reply.text());
        Optional<FailingChannel> failing = alerts.failed(owner, channel.name(), ChannelSender::pause, error);
        failing.filter(each -> each.tries() == 1 || each.tries() == QUICK_TRIES)
                .ifPresent(each -> LOG.warn(
                        "Cannot send alert {} through {}: {}. Failed attempts so far: {}. Sendport retries at {}. To test the channel,"
                                + " run: sendport alerts test",
                        alert.id(),
                        channel.name(),
                        error,
                        each.tries(),
                        each.nextAt()));
        return false;
    }

    /** Finishes the alert that is being sent, if any, and sends no others. Does not wait. */
    @Override
    public void close() {
        closed = true;
        thread.execute(channel::close);
        thread.shutdown();
    }

    /** Waits until the last alert is finished; call {@link #close} first. Returns false when the timeout passes first. */
    boolean awaitEnd(Duration timeout) throws InterruptedException {
        return thread.awaitTermination(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }
}
