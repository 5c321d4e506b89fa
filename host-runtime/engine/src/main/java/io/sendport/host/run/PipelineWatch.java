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
 * Tracks the messages in the pipelines of this process, and since when each is at its current component. A suspect, which may have crashed
 * a process, runs while no other message is in a pipeline. Safe for use by several threads.
 */
public final class PipelineWatch {

    private static final Logger LOG = LoggerFactory.getLogger(PipelineWatch.class);

    /** More permits than there can be messages in pipelines. */
    private static final int MAX_PERMITS = 1 << 20;

    /** How long a suspect waits until other messages have left their pipelines. Then it runs beside them. */
    private static final Duration ALONE_MAX_WAIT = Duration.ofSeconds(30);

    /** How long other messages wait for a suspect at least, so that its delivery can end. */
    private static final long SEND_WAIT_MILLIS = 2_000;

    private final LongSupplier nanos;
    private final Optional<PipelineFile> file;
    private final Semaphore gate = new Semaphore(MAX_PERMITS, true);
    private final Set<PipelinePass> passes = ConcurrentHashMap.newKeySet();
    private final Map<MessageId, CountDownLatch> suspects = new ConcurrentHashMap<>();

    /**
     * Creates a watch without messages.
     *
     * @param nanos the clock for elapsed time, in nanoseconds
     * @param file records messages for the next process; empty if suspects are not tracked
     */
    public PipelineWatch(LongSupplier nanos, Optional<PipelineFile> file) {
        this.nanos = nanos;
        this.file = file;
    }

    /** Marks a message as a suspect, which must be alone in the pipelines. */
    void suspect(MessageRow row) {
        suspects.put(row.id(), new CountDownLatch(1));
    }

    /** Whether the message is a suspect whose work has not ended. */
    boolean isSuspect(MessageRow row) {
        return suspects.containsKey(row.id());
    }

    /** Records that the work on the message has ended. */
    void ended(MessageRow row) {
        CountDownLatch latch = suspects.remove(row.id());
        if (latch != null) {
            latch.countDown();
        }
    }

    /**
     * Waits until the work on a suspect has ended, for at most 2 seconds. If the suspect is still in its pipeline then, waits until it
     * leaves, for at most {@code maxWait} in all. After that, other messages enter pipelines beside it, and a crash then counts against no
     * message.
     *
     * @param maxWait how long other messages wait for the suspect; independent of the timeout of a component
     */
    void awaitEnd(MessageRow row, Duration maxWait) throws InterruptedException {
        CountDownLatch latch = suspects.get(row.id());
        if (latch == null) {
            return;
        }
        long began = System.nanoTime();
        boolean ended = latch.await(SEND_WAIT_MILLIS, TimeUnit.MILLISECONDS);
        while (!ended && isInPipeline(row) && System.nanoTime() - began < maxWait.toNanos()) {
            ended = latch.await(SEND_WAIT_MILLIS / 10, TimeUnit.MILLISECONDS);
        }
        if (!ended && isInPipeline(row)) {
            LOG.warn(
                    "Message {} of port {} is still in its pipeline after {}. Other messages of the port no longer wait for it. No"
                            + " action is needed if a component may take this long. To suspend such messages, set timeout=\"...\""
                            + " on the slow <component>, for example PT5M",
                    row.id(),
                    row.port(),
                    maxWait);
            passes.stream().filter(pass -> pass.row.id().equals(row.id())).forEach(PipelinePass::releasePermits);
        }
    }

    private boolean isInPipeline(MessageRow row) {
        return passes.stream().anyMatch(pass -> pass.row.id().equals(row.id()));
    }

    /** Records that the message enters the pipeline of its port, on behalf of {@code instance}. Waits while a suspect is alone. */
    PipelinePass enter(MessageRow row, String instance) throws InterruptedException {
        int permits = 1;
        if (isSuspect(row)) {
            boolean alone = gate.tryAcquire(MAX_PERMITS, ALONE_MAX_WAIT.toMillis(), TimeUnit.MILLISECONDS);
            permits = alone ? MAX_PERMITS : 0;
        } else {
            gate.acquire();
        }
        PipelinePass pass = new PipelinePass(row, instance, permits);
        passes.add(pass);
        return pass;
    }

    /** The messages of {@code instance} whose component exceeds its timeout. */
    public List<PipelinePass> overdue(String instance) {
        return passes.stream()
                .filter(each -> each.instance.equals(instance) && each.isOverdue())
                .toList();
    }

    /** The messages of {@code instance} that have been at their current component for at least {@code atLeast}. */
    public List<PipelinePass> at(String instance, Duration atLeast) {
        return passes.stream()
                .filter(each -> each.instance.equals(instance)
                        && each.component().isPresent()
                        && each.elapsed().compareTo(atLeast) >= 0)
                .toList();
    }

    /** The component at which a message is. */
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
            this.slot = file.map(PipelineFile::acquireSlot).orElse(-1);
        }

        /** The message. */
        public MessageRow row() {
            return row;
        }

        @Override
        public void onStart(Stage stage, String component, Optional<Duration> timeout) {
            step = new Step(stage, component, timeout, nanos.getAsLong());
            file.ifPresent(each -> each.set(slot, row.id(), stage.element(), component));
        }

        private void releasePermits() {
            int more = permits.get() - 1;
            if (more > 0 && permits.compareAndSet(more + 1, 1)) {
                gate.release(more);
            }
        }

        /** The component at which the message is; empty before the first component. */
        public Optional<String> component() {
            return Optional.ofNullable(step).map(Step::component);
        }

        /** The current component and its stage; empty before the first component. */
        public String where() {
            Step now = step;
            return now == null
                    ? ""
                    : "component " + now.component() + " in " + now.stage().element();
        }

        /** How long the message has been at its component; zero before the first component. */
        public Duration elapsed() {
            Step now = step;
            return now == null ? Duration.ZERO : Duration.ofNanos(nanos.getAsLong() - now.since());
        }

        private boolean isOverdue() {
            Step now = step;
            return now != null
                    && now.timeout()
                            .filter(limit -> elapsed().compareTo(limit) > 0)
                            .isPresent();
        }

        /**
         * Gives up a message whose component does not return. Interrupts the thread; a later result is ignored.
         *
         * @return whether the message was still in its pipeline
         */
        public boolean giveUp() {
            if (!leave()) {
                return false;
            }
            thread.interrupt();
            return true;
        }

        /** Records that the message leaves its pipeline. Returns false if it has left already, or was given up. */
        boolean leave() {
            if (!ended.compareAndSet(false, true)) {
                return false;
            }
            file.ifPresent(each -> each.releaseSlot(slot));
            gate.release(permits.getAndSet(0));
            passes.remove(this);
            return true;
        }

        @Override
        public void close() {
            leave();
        }

        /** The message, the current component, and the time since the message reached the component. */
        @Override
        public String toString() {
            Step now = step;
            return now == null
                    ? "message " + row.id()
                    : "message " + row.id() + " has been in stage "
                            + now.stage().element() + ", component "
                            + now.component() + " for "
                            + elapsed().toSeconds() + " s";
        }
    }
}
