package io.sendport.host.process;

import io.sendport.host.store.commit.StoreException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that a process does at intervals. Whatever a task throws, it runs again at its next turn; one that has not ended well for three
 * intervals is a fault that health shows. Safe for use by several threads.
 */
final class PeriodicTasks implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PeriodicTasks.class);
    private static final int MISSED_INTERVALS = 3;
    /** A task that runs several times a second may be late for longer than three intervals on a busy machine. */
    private static final long LEAST_PATIENCE_NANOS = Duration.ofSeconds(15).toNanos();

    private final Consumer<StoreException> waitsForStore;
    private final LongSupplier nanos;
    private final Map<String, Task> tasks = new ConcurrentSkipListMap<>();
    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "sendport-timer"));

    /**
     * None yet.
     *
     * @param waitsForStore is told when a task fails because of the store
     * @param nanos how time passes
     */
    PeriodicTasks(Consumer<StoreException> waitsForStore, LongSupplier nanos) {
        this.waitsForStore = waitsForStore;
        this.nanos = nanos;
    }

    /** What a task does. */
    interface Work {
        void run() throws Exception;
    }

    /** Runs {@code work} so many milliseconds after it last ended. */
    void every(String name, long millis, Work work) {
        Task task = new Task(name, TimeUnit.MILLISECONDS.toNanos(millis), work);
        tasks.put(name, task);
        // A thread for each: one that hangs holds up no other.
        timer.setCorePoolSize(tasks.size());
        var scheduled = timer.scheduleWithFixedDelay(task::run, millis, millis, TimeUnit.MILLISECONDS);
        if (scheduled.isCancelled()) {
            throw new IllegalStateException("the timer did not start");
        }
    }

    /** Tasks that have not ended well for three intervals, by name, with what they last failed of. */
    Map<String, String> faults() {
        Map<String, String> faults = new TreeMap<>();
        tasks.forEach((name, task) -> {
            String fault = task.fault();
            if (!fault.isEmpty()) {
                faults.put("task " + name, fault);
            }
        });
        return faults;
    }

    private final class Task {
        private final String name;
        private final long interval;
        private final Work work;
        private volatile long endedWell = nanos.getAsLong();
        private volatile String failure = "";

        Task(String name, long interval, Work work) {
            this.name = name;
            this.interval = interval;
            this.work = work;
        }

        @SuppressWarnings("CatchAndPrintStackTrace")
        void run() {
            try {
                work.run();
                endedWell = nanos.getAsLong();
                failure = "";
            } catch (StoreException e) {
                failure = String.valueOf(e.getMessage());
                waitsForStore.accept(e);
            } catch (Throwable e) {
                // Not even an Error may end it: an executor never runs a task again that threw.
                failure = String.valueOf(e);
                LOG.error("The task \"{}\" failed and is tried again: {}", name, failure, e);
            }
        }

        String fault() {
            long late = nanos.getAsLong() - endedWell;
            return late < Math.max(MISSED_INTERVALS * interval, LEAST_PATIENCE_NANOS)
                    ? ""
                    : "has not ended well for " + Duration.ofNanos(late).toSeconds() + " s"
                            + (failure.isEmpty() ? "" : ", last: " + failure);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
