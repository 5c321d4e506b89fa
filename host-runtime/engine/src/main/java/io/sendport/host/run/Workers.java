package io.sendport.host.run;

import io.sendport.host.box.MessageRow;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * The threads of a dispatcher that work on claimed messages, and the messages that they have in hand. Safe for use by several
 * threads.
 */
final class Workers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
    private static final long PATIENCE_SECONDS = 5;

    private final BiConsumer<PortQueue, MessageRow> whenEnded;
    private final ExecutorService threads;
    private final Map<Long, Assignment> assignments = new ConcurrentHashMap<>();
    private final Map<String, Set<Long>> byPort = new ConcurrentHashMap<>();

    /**
     * @param whenEnded is called once for each message that leaves the hand
     */
    Workers(BiConsumer<PortQueue, MessageRow> whenEnded) {
        this.whenEnded = whenEnded;
        AtomicInteger number = new AtomicInteger();
        this.threads =
                Executors.newCachedThreadPool(task -> new Thread(task, "sendport-worker-" + number.incrementAndGet()));
    }

    /** A message that a thread has in hand. */
    private final class Assignment {
        private final PortQueue queue;
        private final MessageRow row;
        private final AtomicBoolean over = new AtomicBoolean();

        Assignment(PortQueue queue, MessageRow row) {
            this.queue = queue;
            this.row = row;
            queue.inProgress.incrementAndGet();
            queue.share.take();
            assignments.put(row.seq(), this);
            numbers(row.port()).add(row.seq());
        }

        /** Removes the message from the hand, once. */
        void end() {
            if (over.compareAndSet(false, true)) {
                assignments.remove(row.seq(), this);
                numbers(row.port()).remove(row.seq());
                whenEnded.accept(queue, row);
            }
        }

        void work() {
            try {
                queue.handler.accept(row);
            } catch (RuntimeException | Error e) {
                LOG.error(
                        "message {} of port {}: an unexpected error stopped its processing. Sendport will process the message"
                                + " again. This is a defect: report it with the stack trace",
                        row.id(),
                        row.port(),
                        e);
            } finally {
                MDC.clear();
                end();
            }
        }
    }

    private Set<Long> numbers(String port) {
        return byPort.computeIfAbsent(port, name -> ConcurrentHashMap.newKeySet());
    }

    /** The numbers of the messages of {@code port} that are in hand. They change with the work. */
    Set<Long> inProgress(String port) {
        return numbers(port);
    }

    /** Has a thread work on the message. Returns whether a thread does so, or already did. */
    boolean assign(PortQueue queue, MessageRow row) {
        if (!queue.isOpen()) {
            return false;
        }
        Assignment other = assignments.get(row.seq());
        if (other != null && row.isLeased()) {
            if (!other.row.isLeased()) {
                // An operator forced it meanwhile. The thread that has it in hand will find that it may not attempt it.
                return false;
            }
            // The database answered a claim late: meanwhile its rows were released and claimed again.
            LOG.warn(
                    "Message {} is already being processed, because the database answered an earlier claim late. The second claim is"
                            + " ignored. Nothing needs to be done",
                    row.id());
        }
        if (other != null) {
            return true;
        }
        Assignment assign = new Assignment(queue, row);
        try {
            threads.execute(assign::work);
            return true;
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            assign.end();
            return false;
        }
    }

    /**
     * Gives up a message whose thread does not return.
     *
     * @param seq the message's number in the box
     */
    void giveUp(long seq) {
        Assignment assign = assignments.get(seq);
        if (assign != null) {
            assign.end();
        }
    }

    /** The numbers of the messages that are in hand. */
    Set<Long> inProgress() {
        return Set.copyOf(assignments.keySet());
    }

    /** Stops taking work. */
    void shutdown() {
        threads.shutdown();
    }

    /** Waits briefly for the work in hand, and then interrupts it. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
