package io.sendport.console.pages;

import io.sendport.host.operate.Operations;
import io.sendport.host.operate.PortView;
import io.sendport.host.operate.StatusView;
import io.sendport.host.store.commit.StoreException;
import io.sendport.support.DaemonTimer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Samples the status once a minute and keeps the samples of the last two hours, or since the process started. Use the metrics for longer
 * periods. Safe for use by several threads.
 */
public final class Trend implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Trend.class);
    private static final int MAX_SAMPLES = 120;

    private final Supplier<Optional<Operations>> operations;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private final ScheduledThreadPoolExecutor thread = DaemonTimer.named("sendport-console-trend");

    /** Will sample {@code operations}, which may be empty before {@link #start}. */
    public Trend(Supplier<Optional<Operations>> operations) {
        this.operations = operations;
    }

    /** Takes the first sample, and then one a minute. It also makes the first status page of a person faster. */
    @SuppressWarnings("FutureReturnValueIgnored") // close() ends the thread
    public void start() {
        thread.scheduleWithFixedDelay(this::sample, 0, 60, TimeUnit.SECONDS);
    }

    private record Sample(Instant at, long delivered, long oldestSeconds, long suspended) {}

    private void sample() {
        try {
            operations
                    .get()
                    .ifPresent(all -> add(
                            all.clock().instant(),
                            all.status().now(),
                            all.ports().list(List.of())));
        } catch (StoreException e) {
            LOG.debug("no sample for this minute, the message box is not available", e);
        } catch (RuntimeException | Error e) {
            LOG.warn(
                    "Cannot sample the status for the charts of the console; this minute is missing in the charts."
                            + " If this repeats, report it with the stack trace.",
                    e);
        }
    }

    synchronized void add(Instant at, StatusView status, List<PortView> ports) {
        samples.addLast(new Sample(
                at,
                status.lastMinute(),
                status.oldestSeconds().orElse(0),
                ports.stream()
                        .mapToLong(port -> port.suspended() + port.inDoubt())
                        .sum()));
        if (samples.size() > MAX_SAMPLES) {
            samples.removeFirst();
        }
    }

    /** The charts, oldest minute first. */
    synchronized List<Chart> charts() {
        return List.of(
                chart("Messages delivered a minute", Sample::delivered),
                chart("Age of the oldest message in seconds", Sample::oldestSeconds),
                chart("Messages suspended or in doubt", Sample::suspended));
    }

    private Chart chart(String title, ToLongFunction<Sample> value) {
        List<Chart.Point> points = new ArrayList<>();
        samples.forEach(each -> points.add(new Chart.Point(each.at(), value.applyAsLong(each))));
        return new Chart(title, points);
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
