package io.sendport.host.run;

import io.sendport.host.box.Claims;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.Suspects;
import io.sendport.host.store.commit.StoreException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims due messages and passes them to the ports. Each port has its own limit of messages in progress, so a port with a hanging relay
 * does not delay others. New work is claimed at once if it is signaled, otherwise at the next poll. Safe for use by several threads.
 */
public final class Dispatcher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final int MAX_CLAIM = 64;
    /** How long other messages wait until the work on a suspect ends. */
    private static final Duration SUSPECT_MAX_WAIT = Duration.ofSeconds(30);

    private final Claims claims;
    private final String instance;
    private final BooleanSupplier holdsLease;
    private final long pollMillis;
    private final Map<String, PortQueue> queues = new ConcurrentHashMap<>();
    private final Map<String, PortQueue> forced = new ConcurrentHashMap<>();
    private final Workers workers;
    private final MessageSource source;
    private final Suspects suspects;
    private final PipelineWatch watch;
    private final Budget budget;
    private final Semaphore signal = new Semaphore(0);
    private final Thread thread;
    private final UnreleasedClaims unreleased;
    private volatile boolean suspectsMayWait = true;
    private volatile boolean closing;
    private volatile boolean ending;
    private volatile boolean pollsSoon;
    private final ClaimFailures failures;

    /**
     * Creates a dispatcher that claims on behalf of {@code instance}.
     *
     * @param holdsLease whether the dispatcher may claim; false while the lease of the instance has lapsed
     * @param pollInterval the maximum time until work that is not signaled is claimed
     * @param watch receives the messages that must be alone in their pipelines
     * @param budget the budget of the process
     */
    public Dispatcher(
            MessageBox box,
            String instance,
            BooleanSupplier holdsLease,
            Duration pollInterval,
            PipelineWatch watch,
            Budget budget) {
        this.claims = box.claims();
        this.suspects = box.suspects();
        this.watch = watch;
        this.budget = budget;
        this.instance = instance;
        this.holdsLease = holdsLease;
        this.pollMillis = pollInterval.toMillis();
        this.unreleased = new UnreleasedClaims(claims, instance);
        this.failures = new ClaimFailures(instance);
        this.workers = new Workers(this::completed);
        this.source = new MessageSource(claims, instance, workers, pollMillis);
        this.thread = new Thread(this::run, "sendport-dispatcher");
        thread.start();
    }

    /** Called when the work on a message of {@code queue} has ended. */
    private void completed(PortQueue queue, MessageRow row) {
        watch.ended(row);
        queue.share.release();
        queue.inProgress.decrementAndGet();
        queue.whenIdle.run();
        queue.signalCompleted();
        if (queue.order != ClaimOrder.NONE) {
            // The next message in order waited for this one.
            queue.signalMaybeDue();
        }
        if (queue.isSignaled() || !pollsSoon) {
            wakeThread();
        }
    }

    /**
     * Starts to pass messages of {@code port} to {@code handler}, at most {@code capacity} at once, and none while {@code isPaused}.
     */
    public void open(
            String port, int capacity, ClaimOrder order, Consumer<MessageRow> handler, BooleanSupplier isPaused) {
        PortQueue queue = new PortQueue(port, capacity, order, handler, isPaused, budget.addPort());
        source.open(queue);
        queues.put(port, queue);
        suspectsMayWait = true;
        wake();
    }

    /**
     * Removes the port, and waits for its messages in progress until {@code timeout} or an earlier deadline of {@link #stopClaiming}.
     *
     * @return whether all messages ended in time
     */
    public boolean closePort(String port, Duration timeout) throws InterruptedException {
        long until = System.nanoTime() + timeout.toNanos();
        long set = queues(port).stream()
                .flatMapToLong(queue -> queue.deadline().stream())
                .min()
                .orElse(until);
        return retire(port, set - until < 0 ? set : until, () -> {});
    }

    /** Passes messages that an operator tries at a stopped port to {@code handler}, at most {@code capacity} at once. */
    public void force(String port, int capacity, Consumer<MessageRow> handler) {
        PortQueue queue = forced.computeIfAbsent(
                port,
                name -> new PortQueue(
                        name,
                        capacity,
                        capacity == 1 ? ClaimOrder.STOP_ON_FAILURE : ClaimOrder.NONE,
                        handler,
                        () -> false,
                        budget.addPort()));
        int room = queue.room();
        if (room <= 0 || ending || !queue.isOpen() || !holdsLease.getAsBoolean()) {
            return;
        }
        for (MessageRow row : claims.claimForced(port, instance, room, queue.order != ClaimOrder.NONE)) {
            if (!workers.assign(queue, row)) {
                claims.release(List.of(row), instance, Duration.ZERO);
            }
        }
    }

    /**
     * Stops claiming messages of the port. Messages in progress continue.
     *
     * @param deadline when the caller stops waiting for messages in progress, by {@link System#nanoTime}
     */
    public void stopClaiming(String port, long deadline) {
        queues(port).forEach(queue -> queue.close(deadline));
    }

    /**
     * Removes a port.
     *
     * @param deadline when to stop waiting for messages in progress, by {@link System#nanoTime}
     * @param afterwards runs once when the last message in progress has ended, even after {@code deadline}
     * @return whether all messages ended in time
     */
    public boolean retire(String port, long deadline, Runnable afterwards) throws InterruptedException {
        List<PortQueue> ending = queues(port);
        PortQueue open = queues.remove(port);
        if (open != null) {
            source.close(open);
        }
        forced.remove(port);
        failures.clear(port);
        AtomicBoolean done = new AtomicBoolean();
        for (PortQueue queue : ending) {
            queue.close(deadline);
            queue.share.close();
            queue.whenIdle = () -> {
                if (ending.stream().allMatch(each -> each.inProgress.get() == 0) && done.compareAndSet(false, true)) {
                    afterwards.run();
                }
            };
        }
        boolean ended = awaitIdle(ending, deadline);
        if (ended && done.compareAndSet(false, true)) {
            afterwards.run();
        }
        return ended;
    }

    /**
     * Waits for the messages of {@code port} in progress.
     *
     * @param deadline when to stop waiting, by {@link System#nanoTime}
     * @return whether all messages ended in time
     */
    public boolean awaitIdle(String port, long deadline) throws InterruptedException {
        return awaitIdle(queues(port), deadline);
    }

    private static boolean awaitIdle(List<PortQueue> ending, long deadline) throws InterruptedException {
        while (ending.stream().anyMatch(queue -> queue.inProgress.get() > 0) && System.nanoTime() - deadline < 0) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        return ending.stream().allMatch(queue -> queue.inProgress.get() == 0);
    }

    private List<PortQueue> queues(String port) {
        return Stream.of(queues, forced)
                .flatMap(all -> Optional.ofNullable(all.get(port)).stream())
                .toList();
    }

    /** Signals that any port may have new work. */
    public void wake() {
        queues.values().forEach(PortQueue::signalMaybeDue);
        wakeThread();
    }

    /** Signals that a message of {@code port} is due. It may have been claimed already. */
    public void wake(String port) {
        PortQueue queue = queues.get(port);
        if (queue != null) {
            queue.signalDue();
            wakeThread();
        }
    }

    private void wakeThread() {
        if (signal.availablePermits() == 0) {
            signal.release();
        }
    }

    /**
     * Checks that this dispatcher can claim messages. An unavailable store is not a failure here.
     *
     * @throws IllegalStateException when claiming fails, or its thread has ended
     */
    public void requireClaiming() {
        failures.requireNone(thread.isAlive());
    }

    private void run() {
        boolean isStoreUnavailable = false;
        while (!closing) {
            try {
                long pause = failures.isEmpty() && holdsLease.getAsBoolean() ? pauseMillis() : pollMillis;
                pollsSoon = pause <= PortQueue.COMPLETION_POLL_MILLIS;
                if (signal.tryAcquire(pause, TimeUnit.MILLISECONDS)) {
                    signal.drainPermits();
                }
                unreleased.release();
                // Dispatch suspects one at a time, before all other messages.
                while (suspectsMayWait && !ending && !closing && holdsLease.getAsBoolean() && dispatchSuspect()) {}
                boolean more = true;
                while (more && !ending && !closing && holdsLease.getAsBoolean()) {
                    more = false;
                    for (PortQueue queue : List.copyOf(queues.values())) {
                        more |= dispatchOrRecordFailure(queue);
                    }
                }
                isStoreUnavailable = false;
                failures.clear(ClaimFailures.ALL);
            } catch (InterruptedException e) {
                return;
            } catch (StoreException e) {
                if (!isStoreUnavailable) {
                    LOG.warn(
                            "cannot claim messages: {}. No messages are claimed until this is solved; then claiming resumes"
                                    + " automatically",
                            e.getMessage());
                }
                isStoreUnavailable = true;
            } catch (RuntimeException | Error e) {
                failures.add(ClaimFailures.ALL, e);
            }
        }
    }

    /** Claims for one port. Its failure must not stop claiming for other ports. */
    private boolean dispatchOrRecordFailure(PortQueue queue) {
        try {
            return claimFor(queue);
        } catch (StoreException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            failures.add(queue.port, e);
            queue.signalMaybeDue();
            return false;
        }
    }

    /** Claims messages for a queue. Returns whether it took as many as it had room for, so that more may be due. */
    private boolean claimFor(PortQueue queue) {
        int room = Math.min(MAX_CLAIM, queue.room());
        if (room <= 0 || !queue.takesMore() || !isPollDue(queue)) {
            return false;
        }
        queue.beginPoll();
        if (queue.isPaused.getAsBoolean()) {
            // The signal stays, so that the next poll checks again whether the port is paused.
            return false;
        }
        List<MessageRow> claimed = source.claim(queue, room, queue.takeSignal());
        failures.clear(queue.port);
        for (MessageRow row : claimed) {
            if (!workers.assign(queue, row)) {
                unreleased.add(row);
            }
        }
        unreleased.release();
        boolean more = claimed.size() == room;
        if (more) {
            queue.signalMaybeDue();
        }
        return queue.order == ClaimOrder.NONE && more;
    }

    /** Dispatches one message that must be alone in its pipeline, and waits for its end. Returns whether there was one. */
    private boolean dispatchSuspect() throws InterruptedException {
        List<String> ports = suspects.ports();
        suspectsMayWait = !ports.isEmpty();
        for (String port : ports) {
            PortQueue queue = queues.get(port);
            if (queue == null || !queue.isOpen() || queue.isPaused.getAsBoolean()) {
                continue;
            }
            for (MessageRow row : suspects.claim(
                    port, instance, queue.order != ClaimOrder.NONE, queue.order == ClaimOrder.CONTINUE_ON_FAILURE)) {
                watch.suspect(row);
                if (workers.assign(queue, row)) {
                    watch.awaitEnd(row, SUSPECT_MAX_WAIT);
                } else {
                    watch.ended(row);
                    unreleased.add(row);
                }
                unreleased.release();
                return true;
            }
        }
        return false;
    }

    /** Stops claiming for all ports, including ports that are opened later. */
    public void stopClaiming() {
        ending = true;
    }

    /** Signals that messages may have been in the pipeline of an instance that died. */
    public void lookForSuspects() {
        suspectsMayWait = true;
        wakeThread();
    }

    /** Whether to poll a queue now: it is signaled, or its poll interval is over. */
    private boolean isPollDue(PortQueue queue) {
        return queue.isSignaled() || queue.millisLeft(pollMillis) <= 0;
    }

    /** The time until the next poll, if no signal arrives before. */
    private long pauseMillis() {
        return Math.max(
                1,
                queues.values().stream()
                        .filter(PortQueue::takesMore)
                        .mapToLong(queue -> queue.millisLeft(pollMillis))
                        .min()
                        .orElse(pollMillis));
    }

    /** Gives up a message whose thread does not return, so that its port can take another one. {@code seq} is its number in the box. */
    public void giveUp(long seq) {
        workers.giveUp(seq);
    }

    /** The numbers in the box of the messages that are in progress or about to be released. */
    public Set<Long> inProgress() {
        Set<Long> all = new HashSet<>(workers.inProgress());
        all.addAll(unreleased.numbers());
        return all;
    }

    /** Stops claiming, waits briefly for messages in progress, and interrupts the rest. */
    @Override
    public void close() {
        closing = true;
        thread.interrupt();
        workers.shutdown();
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        workers.close();
    }
}
