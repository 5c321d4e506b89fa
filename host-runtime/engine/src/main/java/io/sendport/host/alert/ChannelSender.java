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

/** Sends the messages of one channel, the oldest first, on a thread of its own: a channel that hangs holds up no other. */
final class ChannelSender implements AutoCloseable {

    /** After this many quick tries, a channel is tried every five minutes. */
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

    /** 5, 15, 45 and 135 seconds after the first tries, then 5 minutes. */
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

    /** Sends what waits, unless that is being done already. */
    void send() {
        if (busy.compareAndSet(false, true)) {
            thread.execute(() -> {
                try {
                    sendAll();
                } catch (StoreException e) {
                    LOG.debug("Alerts by {} wait for the message box", channel.name(), e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } catch (RuntimeException e) {
                    LOG.error("Alerts by {} failed; will retry", channel.name(), e);
                } finally {
                    busy.set(false);
                }
            });
        }
    }

    private void sendAll() throws InterruptedException {
        Optional<Alert> next = alerts.next(channel.name());
        while (next.isPresent() && !closed && lease.isHeld()) {
            Alert message = next.get();
            AlertSender who = sender.get();
            ChannelReply reply = channel.send(message, who, lease);
            if (!(reply.taken() ? isDone(message, who) : hasFailed(message, reply))) {
                return;
            }
            next = alerts.next(channel.name());
        }
    }

    private boolean isDone(Alert message, AlertSender who) {
        boolean written = alerts.taken(owner, who.instance(), channel.name(), message);
        LOG.info(
                "Sent alert {} through {}: {}, conditions: {}",
                message.id(),
                channel.name(),
                message.type().word(),
                message.notes().size());
        return written;
    }

    private boolean hasFailed(Alert message, ChannelReply reply) {
        if (!lease.isHeld()) {
            // Closing, or another process sends now: not a failure of the channel.
            return false;
        }
        String error = AlertNote.withoutAddresses(reply.text());
        Optional<FailingChannel> failing = alerts.failed(owner, channel.name(), ChannelSender::pause, error);
        failing.filter(each -> each.tries() == 1 || each.tries() == QUICK_TRIES)
                .ifPresent(each -> LOG.warn(
                        "Cannot send alert {} through {}: {}. Failed tries so far: {}. Sendport retries at {}. To test the channel,"
                                + " run: sendport alerts test",
                        message.id(),
                        channel.name(),
                        error,
                        each.tries(),
                        each.nextAt()));
        return false;
    }

    /** Lets a message that is on its way end, and sends no other. */
    @Override
    public void close() {
        closed = true;
        thread.execute(channel::close);
        thread.shutdown();
    }

    /** Waits after {@link #close} until the message on its way has ended. Returns whether it has. */
    boolean awaitEnd(Duration patience) throws InterruptedException {
        return thread.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
    }
}
