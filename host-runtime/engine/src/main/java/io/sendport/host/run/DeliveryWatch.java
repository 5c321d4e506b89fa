package io.sendport.host.run;

import io.sendport.api.adapter.Progress;
import io.sendport.host.box.MessageRow;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Tracks the messages of this process that are being delivered, and since when each is at the current step of its adapter. Safe for use by
 * several threads.
 */
public final class DeliveryWatch {

    private final LongSupplier nanos;
    private final Set<DeliveryProgress> deliveries = ConcurrentHashMap.newKeySet();

    /**
     * Creates a watch without deliveries.
     *
     * @param nanos the clock for elapsed time, in nanoseconds
     */
    public DeliveryWatch(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Records that the delivery of a message starts, on behalf of {@code instance}. The caller closes the result at the end. */
    DeliveryProgress begin(MessageRow row, String instance) {
        DeliveryProgress delivery = new DeliveryProgress(row, instance);
        deliveries.add(delivery);
        return delivery;
    }

    /** The deliveries of {@code instance} that have been at their current step for at least {@code atLeast}. */
    public List<DeliveryProgress> at(String instance, Duration atLeast) {
        return deliveries.stream()
                .filter(each -> each.instance.equals(instance) && each.elapsed().compareTo(atLeast) >= 0)
                .toList();
    }

    /** One message that is being delivered. */
    public final class DeliveryProgress implements Progress, AutoCloseable {

        private record Step(String peer, String what, long since) {}

        private final MessageRow row;
        private final String instance;
        private volatile Step step;

        private DeliveryProgress(MessageRow row, String instance) {
            this.row = row;
            this.instance = instance;
            this.step = new Step("", "", nanos.getAsLong());
        }

        @Override
        public void at(String peer, String what) {
            step = new Step(peer, what, nanos.getAsLong());
        }

        /** The message. */
        public MessageRow row() {
            return row;
        }

        /** The server that the adapter is connected to; empty while it waits for a connection. */
        public String peer() {
            return step.peer();
        }

        /** The current step of the adapter; empty while it waits for a connection. */
        public String step() {
            return step.what();
        }

        /** How long the adapter has been at its current step. */
        public Duration elapsed() {
            return Duration.ofNanos(nanos.getAsLong() - step.since());
        }

        /** The current step and the server. */
        @Override
        public String toString() {
            Step now = step;
            return now.what().isEmpty() ? "waiting for a connection" : now.what() + " at " + now.peer();
        }

        @Override
        public void close() {
            deliveries.remove(this);
        }
    }
}
