package io.sendport.host.run;

import io.sendport.api.component.Stage;
import io.sendport.api.message.MessageId;
import io.sendport.host.box.MessageRow;
import io.sendport.host.pipeline.StepListener;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which messages are in a pipeline of this process, and since when each is with its component. A suspect is alone in its pipeline.
 * Safe for use by several threads.
 */
public final class PipelineWatch {

    private static final Logger LOG = LoggerFactory.getLogger(PipelineWatch.class);

    /** More permits than there can be messages in hand. */
    private static final int ALL = 1 << 20;

    /** How long a suspect waits for other messages to leave their pipelines. */
    private static final Duration ALONE_PATIENCE = Duration.ofSeconds(30);

    /** How long others wait for the delivery of a suspect. */
    private static final long SENT_MILLIS = 2_000;

    private final LongSupplier nanos;
    private final Optional<PipelineFile> file;
    private final Semaphore gate = new Semaphore(ALL, true);
    private final Set<PipelinePass> visits = ConcurrentHashMap.newKeySet();
    private final Map<MessageId, CountDownLatch> suspects = new ConcurrentHashMap<>();

    /**
     * Creates a watch without messages.
     *
     * @param nanos the clock for elapsed time, in nanoseconds
     * @param file survives the process; empty if suspects are not tracked
     */
    public PipelineWatch(LongSupplier nanos, Optional<PipelineFile> file) {
        this.nanos = nanos;
        this.file = file;
    }

    /** Marks a message that must be alone in its pipeline. */
    void suspect(MessageRow row) {
        suspects.put(row.id(), new CountDownLatch(1));
    }

    /** Whether the message is a suspect whose work has not ended yet. */
    boolean isSuspect(MessageRow row) {
        return suspects.containsKey(row.id());
    }

    /** Called when the work on the message has ended. */
    void ended(MessageRow row) {
        CountDownLatch latch = suspects.remove(row.id());
        if (latch != null) {
            latch.countDown();
        }
    }

    /**
     * Waits until the work on a suspect has ended. A suspect that has left its pipeline is awaited briefly, and one that stays in
     * it for {@code patience}. After that, other messages continue beside it, and a crash makes none of them a suspect.
     */
    void awaitEnd(MessageRow row, Duration patience) throws InterruptedException {
        CountDownLatch latch = suspects.get(row.id());
        if (latch == null) {
            return;
        }
        long began = System.nanoTime();
        boolean ended = latch.await(SENT_MILLIS, TimeUnit.MILLISECONDS);
        while (!ended && isInPipeline(row) && System.nanoTime() - began < patience.toNanos()) {
            ended = latch.await(SENT_MILLIS / 10, TimeUnit.MILLISECONDS);
        }
        if (!ended && isInPipeline(row)) {
            LOG.warn(
                    "Message {} of port {} is still in its pipeline after {}. Other messages of the port no longer wait for it. No"
                            + " action is needed if a component may take this long. To suspend such messages, set timeout=\"...\""
                            + " on the slow <component>, for example PT5M",
                    row.id(),
                    row.port(),
                    patience);
            visits.stream().filter(visit -> visit.row.id().equals(row.id())).forEach(PipelinePass::releasePermits);
        }
    }

    private boolean isInPipeline(MessageRow row) {
        return visits.stream().anyMatch(visit -> visit.row.id().equals(row.id()));
    }

    /** Records that the message enters the pipeline of its port, on behalf of {@code instance}. */
    PipelinePass enter(MessageRow row, String instance) throws InterruptedException {
        int permits = 1;
        if (isSuspect(row)) {
            boolean alone = gate.tryAcquire(ALL, ALONE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            permits = alone ? ALL : 0;
        } else {
            gate.acquire();
        }
        PipelinePass visit = new PipelinePass(row, instance, permits);
        visits.add(visit);
        return visit;
    }

    /** Visits of {@code instance} whose component exceeds its timeout. */
    public List<PipelinePass> overdue(String instance) {
        return visits.stream()
                .filter(each -> each.instance.equals(instance) && each.isOverdue())
                .toList();
    }

    /** Visits of {@code instance} that have been with their current component for at least this long. */
    public List<PipelinePass> at(String instance, Duration atLeast) {
        return visits.stream()
                .filter(each -> each.instance.equals(instance)
                        && each.component().isPresent()
                        && each.lasts().compareTo(atLeast) >= 0)
                .toList();
    }

    /** A component that a message is with. */
    private record Step(Stage stage, String component, Optional<Duration> timeout, long since) {}

    /** One message in its pipeline. */
    public final class PipelinePass implements StepListener, AutoCloseable {

        private final MessageRow row;
        private final String instance;
        private final AtomicInteger permits;
        private final int slot;
        private final Thread thread = Thread.currentThread();
        private final AtomicBoolean ended = new AtomicBoolean();
        private volatile @Nullable Step step;

        private PipelinePass(MessageRow row, String instance, int permits) {
            this.row = row;
            this.instance = instance;
            this.permits = new AtomicInteger(permits);
            this.slot = file.map(PipelineFile::take).orElse(-1);
        }

        /** The message. */
        public MessageRow row() {
            return row;
        }

        @Override
        public void begins(Stage stage, String component, Optional<Duration> timeout) {
            step = new Step(stage, component, timeout, nanos.getAsLong());
            file.ifPresent(each -> each.set(slot, row.id(), stage.element(), component));
        }

        private void releasePermits() {
            int more = permits.get() - 1;
            if (more > 0 && permits.compareAndSet(more + 1, 1)) {
                gate.release(more);
            }
        }

        /** The component that the message is with; empty before the first. */
        public Optional<String> component() {
            return Optional.ofNullable(step).map(Step::component);
        }

        /** The component and its stage. */
        public String where() {
            Step now = step;
            return now == null
                    ? ""
                    : "component " + now.component() + " in " + now.stage().element();
        }

        /** How long the message has been with its component. */
        public Duration lasts() {
            Step now = step;
            return now == null ? Duration.ZERO : Duration.ofNanos(nanos.getAsLong() - now.since());
        }

        private boolean isOverdue() {
            Step now = step;
            return now != null
                    && now.timeout().filter(most -> lasts().compareTo(most) > 0).isPresent();
        }

        /**
         * Gives up a message whose component does not return: interrupts its thread and ignores any later result.
         *
         * @return whether it was still in its pipeline
         */
        public boolean giveUp() {
            if (!leave()) {
                return false;
            }
            thread.interrupt();
            return true;
        }

        /** Records that the message leaves its pipeline. Returns whether it was still in it and had not been given up. */
        boolean leave() {
            if (!ended.compareAndSet(false, true)) {
                return false;
            }
            file.ifPresent(each -> each.clear(slot));
            gate.release(permits.getAndSet(0));
            visits.remove(this);
            return true;
        }

        @Override
        public void close() {
            leave();
        }

        /** The current component and the time since the message reached it. */
        @Override
        public String toString() {
            Step now = step;
            return now == null
                    ? "message " + row.id()
                    : "message " + row.id() + " has been in stage "
                            + now.stage().element() + ", component "
                            + now.component() + " for "
                            + lasts().toSeconds() + " s";
        }
    }
}
