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
 * The threads of a dispatcher that process claimed messages, and the messages in progress. Safe for use by several threads.
 */
final class Workers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
    private static final long SHUTDOWN_TIMEOUT_SECONDS = 5;

    private final BiConsumer<PortQueue, MessageRow> whenEnded;
    private final ExecutorService threads;
    private final Map<Long, Assignment> assignments = new ConcurrentHashMap<>();
    private final Map<String, Set<Long>> byPort = new ConcurrentHashMap<>();

    /** Calls {@code whenEnded} once for each message whose work has ended. */
    Workers(BiConsumer<PortQueue, MessageRow> whenEnded) {
        this.whenEnded = whenEnded;
        AtomicInteger number = new AtomicInteger();
        this.threads =
                Executors.newCachedThreadPool(task -> new Thread(task, "sendport-worker-" + number.incrementAndGet()));
    }

    /** A message that a thread processes. */
    private final class Assignment {
        private final PortQueue queue;
        private final MessageRow row;
        private final AtomicBoolean ended = new AtomicBoolean();

        Assignment(PortQueue queue, MessageRow row) {
            this.queue = queue;
            this.row = row;
            queue.inProgress.incrementAndGet();
            queue.share.acquire();
            assignments.put(row.seq(), this);
            numbers(row.port()).add(row.seq());
        }

        /** Ends the work on the message. Only the first call has an effect. */
        void end() {
            if (ended.compareAndSet(false, true)) {
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

    /** A live view of the numbers in the box of the messages of {@code port} in progress. */
    Set<Long> inProgress(String port) {
        return numbers(port);
    }

    /** Passes the message to a thread. Returns false if no thread processes it under this claim; the caller must then release it. */
    boolean assign(PortQueue queue, MessageRow row) {
        if (!queue.isOpen()) {
            return false;
        }
        Assignment other = assignments.get(row.seq());
        if (other != null && row.isLeased()) {
            if (!other.row.isLeased()) {
                // An operator has forced the message meanwhile. The thread that processes it will find that it may not
                // attempt it.
                return false;
            }
            // The database answered a claim late, and its rows were released and claimed again meanwhile.
            LOG.warn(
                    "Message {} is already being processed, because the database answered an earlier claim late. The second claim is"
                            + " ignored. Nothing needs to be done",
                    row.id());
        }
        if (other != null) {
            return true;
        }
        Assignment assignment = new Assignment(queue, row);
        try {
            threads.execute(assignment::work);
            return true;
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            assignment.end();
            return false;
        }
    }

    /**
     * Gives up a message whose thread does not return.
     *
     * @param seq the number of the message in the box
     */
    void giveUp(long seq) {
        Assignment assignment = assignments.get(seq);
        if (assignment != null) {
            assignment.end();
        }
    }

    /** The numbers in the box of the messages in progress. */
    Set<Long> inProgress() {
        return Set.copyOf(assignments.keySet());
    }

    /** Stops taking messages. */
    void shutdown() {
        threads.shutdown();
    }

    /** Waits at most 5 seconds for messages in progress, and then interrupts their threads. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(SHUTDOWN_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
