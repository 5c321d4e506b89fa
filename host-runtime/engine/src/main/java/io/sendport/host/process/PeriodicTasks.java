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
 * Runs the periodic tasks of a process. A task that throws runs again after its interval. A task that has not succeeded for three
 * intervals, and for at least 15 seconds, is a fault, unless only an unavailable store keeps it from its work. Safe for use by several
 * threads.
 */
final class PeriodicTasks implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PeriodicTasks.class);
    private static final int MISSED_INTERVALS = 3;
    /** The minimum time without a success that is a fault: on a busy machine, a frequent task may miss several intervals. */
    private static final long MIN_OVERDUE_NANOS = Duration.ofSeconds(15).toNanos();

    private final Consumer<StoreException> onStoreFailure;
    private final LongSupplier nanos;
    private final Map<String, Task> tasks = new ConcurrentSkipListMap<>();
    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "sendport-timer"));

    /**
     * Starts without tasks.
     *
     * @param onStoreFailure called when a task fails because of the store
     * @param nanos the clock for elapsed time, in nanoseconds
     */
    PeriodicTasks(Consumer<StoreException> onStoreFailure, LongSupplier nanos) {
        this.onStoreFailure = onStoreFailure;
        this.nanos = nanos;
    }

    /** The work of a task. */
    interface Work {
        void run() throws Exception;
    }

    /** Runs {@code work} repeatedly, each time {@code millis} milliseconds after the last run ended. {@code name} must be unique. */
    void every(String name, long millis, Work work) {
        Task task = new Task(name, TimeUnit.MILLISECONDS.toNanos(millis), work);
        tasks.put(name, task);
        // Have a thread for each task, so that a task that hangs does not delay the others.
        timer.setCorePoolSize(tasks.size());
        var scheduled = timer.scheduleWithFixedDelay(task::run, millis, millis, TimeUnit.MILLISECONDS);
        if (scheduled.isCancelled()) {
            throw new IllegalStateException("the timer did not start");
        }
    }

    /** The tasks that have not succeeded for three intervals, by name, with their last failure. */
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
        private volatile long settledAt = nanos.getAsLong();
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
                settle();
            } catch (StoreException e) {
                if (e.isAway()) {
                    // An unavailable store is a fault of its own. A restart of the process would not bring it back.
                    settle();
                } else {
                    failure = String.valueOf(e.getMessage());
                }
                onStoreFailure.accept(e);
            } catch (Throwable e) {
                // Catch even an Error, because an executor does not run a task again that threw.
                boolean isKnown = failure.equals(String.valueOf(e));
                failure = String.valueOf(e);
                if (!isKnown) {
                    LOG.error("The task \"{}\" failed; will retry: {}", name, failure, e);
                }
            }
        }

        /** Remembers that the task has no fault of its own now. */
        private void settle() {
            settledAt = nanos.getAsLong();
            failure = "";
        }

        String fault() {
            long sinceSuccess = nanos.getAsLong() - settledAt;
            return sinceSuccess < Math.max(MISSED_INTERVALS * interval, MIN_OVERDUE_NANOS)
                    ? ""
                    : "has not succeeded for " + Duration.ofNanos(sinceSuccess).toSeconds() + " s"
                            + (failure.isEmpty() ? "" : ", last failure: " + failure);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
