package io.sendport.host.run;

import io.sendport.host.box.Claims;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.Suspects;
import io.sendport.host.store.commit.StoreException;
import java.time.Duration;
import java.util.ArrayList;
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
 * Claims what is due and hands it to the ports, each with a bound of its own on how much it has in hand, so that a port whose relay
 * hangs holds up nobody else. New work of this process is noticed at once, that of others when they tell, or at the next tick.
 */
public final class Dispatcher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final int LARGEST_CLAIM = 64;
    /** How long other messages wait for the work on a suspect to end. */
    private static final Duration SUSPECT_PATIENCE = Duration.ofSeconds(30);

    private final Claims claims;
    private final String instance;
    private final BooleanSupplier leased;
    private final long tickMillis;
    private final Map<String, PortQueue> queues = new ConcurrentHashMap<>();
    private final Map<String, PortQueue> forced = new ConcurrentHashMap<>();
    private final Workers workers;
    private final Suspects suspects;
    private final PipelineWatch watch;
    private final Budget budget;
    private final Semaphore signal = new Semaphore(0);
    private final Thread thread;
    private final List<MessageRow> owed = new ArrayList<>();
    private volatile boolean suspectsMayWait = true;
    private volatile boolean closing;
    private volatile boolean ending;
    private volatile boolean pollsSoon;

    /**
     * Claims on behalf of {@code instance}.
     *
     * @param leased whether it may: not while its lease has lapsed
     * @param tick how long work that nobody told of may go unnoticed
     * @param watch is told which messages are to be alone in their pipelines
     * @param budget of the process
     */
    public Dispatcher(
            MessageBox box,
            String instance,
            BooleanSupplier leased,
            Duration tick,
            PipelineWatch watch,
            Budget budget) {
        this.claims = box.claims();
        this.suspects = box.suspects();
        this.watch = watch;
        this.budget = budget;
        this.instance = instance;
        this.leased = leased;
        this.tickMillis = tick.toMillis();
        this.workers = new Workers(this::completed);
        this.thread = new Thread(this::run, "sendport-dispatcher");
        thread.start();
    }

    /** The work on a message of {@code queue} has ended. */
    private void completed(PortQueue queue, MessageRow row) {
        watch.ended(row);
        queue.share.give();
        queue.inHand.decrementAndGet();
        queue.whenIdle.run();
        queue.signalCompleted();
        if (queue.order != ClaimOrder.NONE) {
            // The next one waited for this.
            queue.signalMaybeDue();
        }
        if (queue.isSignaled() || !pollsSoon) {
            rouse();
        }
    }

    /** Hands messages of {@code port} to {@code handler}, at most {@code capacity} at once, and none while it {@code rests}. */
    public void open(String port, int capacity, ClaimOrder order, Consumer<MessageRow> handler, BooleanSupplier rests) {
        queues.put(port, new PortQueue(port, capacity, order, handler, rests, budget.join()));
        suspectsMayWait = true;
        wake();
    }

    /**
     * Hands nothing more to that port, and waits for what it has in hand.
     *
     * @return whether all of it ended in time
     */
    public boolean shut(String port, Duration patience) throws InterruptedException {
        long until = System.nanoTime() + patience.toNanos();
        long set = queues(port).stream()
                .flatMapToLong(queue -> queue.deadline().stream())
                .min()
                .orElse(until);
        return retire(port, set - until < 0 ? set : until, () -> {});
    }

    /** Hands what is to be tried though {@code port} is stopped to {@code handler}, at most {@code capacity} at once. */
    public void force(String port, int capacity, Consumer<MessageRow> handler) {
        PortQueue queue = forced.computeIfAbsent(
                port,
                name -> new PortQueue(
                        name,
                        capacity,
                        capacity == 1 ? ClaimOrder.STOPPING : ClaimOrder.NONE,
                        handler,
                        () -> false,
                        budget.join()));
        int room = queue.room();
        if (room <= 0 || ending || !queue.isOpen() || !leased.getAsBoolean()) {
            return;
        }
        for (MessageRow row : claims.claimForced(port, instance, room, queue.order != ClaimOrder.NONE)) {
            if (!workers.hand(queue, row)) {
                claims.release(List.of(row), instance, Duration.ZERO);
            }
        }
    }

    /**
     * Hands nothing more to that port; what it has in hand goes on.
     *
     * @param deadline until when who shuts the port waits for that, by {@link System#nanoTime}
     */
    public void stopClaiming(String port, long deadline) {
        queues(port).forEach(queue -> queue.close(deadline));
    }

    /**
     * Lets go of a port.
     *
     * @param deadline until when to wait for what it has in hand, by {@link System#nanoTime}
     * @param afterwards is run once, when the last of it has ended
     * @return whether all of it ended in time
     */
    public boolean retire(String port, long deadline, Runnable afterwards) throws InterruptedException {
        List<PortQueue> ending = queues(port);
        queues.remove(port);
        forced.remove(port);
        AtomicBoolean done = new AtomicBoolean();
        for (PortQueue queue : ending) {
            queue.close(deadline);
            queue.share.close();
            queue.whenIdle = () -> {
                if (ending.stream().allMatch(each -> each.inHand.get() == 0) && done.compareAndSet(false, true)) {
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
     * Waits for what {@code port} has in hand.
     *
     * @param deadline until when, by {@link System#nanoTime}
     * @return whether all of it ended in time
     */
    public boolean awaitIdle(String port, long deadline) throws InterruptedException {
        return awaitIdle(queues(port), deadline);
    }

    private static boolean awaitIdle(List<PortQueue> ending, long deadline) throws InterruptedException {
        while (ending.stream().anyMatch(queue -> queue.inHand.get() > 0) && System.nanoTime() - deadline < 0) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        return ending.stream().allMatch(queue -> queue.inHand.get() == 0);
    }

    private List<PortQueue> queues(String port) {
        return Stream.of(queues, forced)
                .flatMap(all -> Optional.ofNullable(all.get(port)).stream())
                .toList();
    }

    /** There may be new work at any port. */
    public void wake() {
        queues.values().forEach(queue -> queue.signalMaybeDue());
        rouse();
    }

    /** There is new work at {@code port}, unless it was claimed already. */
    public void wake(String port) {
        PortQueue queue = queues.get(port);
        if (queue != null) {
            queue.signalDue();
            rouse();
        }
    }

    private void rouse() {
        if (signal.availablePermits() == 0) {
            signal.release();
        }
    }

    private void run() {
        boolean away = false;
        while (!closing) {
            try {
                long pause = leased.getAsBoolean() ? pauseMillis() : tickMillis;
                pollsSoon = pause <= PortQueue.COMPLETION_POLL_MILLIS;
                if (signal.tryAcquire(pause, TimeUnit.MILLISECONDS)) {
                    signal.drainPermits();
                }
                releaseOwed();
                while (suspectsMayWait && !ending && !closing && leased.getAsBoolean() && feedSuspect()) {
                    // One after the other, before all else.
                }
                boolean more = true;
                while (more && !ending && !closing && leased.getAsBoolean()) {
                    more = false;
                    for (PortQueue queue : List.copyOf(queues.values())) {
                        more |= feed(queue);
                    }
                }
                away = false;
            } catch (InterruptedException e) {
                return;
            } catch (StoreException e) {
                if (!away) {
                    LOG.warn("the message box is out of reach, claiming goes on when it is back: {}", e.getMessage());
                }
                away = true;
            } catch (RuntimeException | Error e) {
                LOG.error("claiming failed, and goes on", e);
            }
        }
    }

    /** Whether the queue took all it could and there may be more. */
    private boolean feed(PortQueue queue) {
        int room = Math.min(LARGEST_CLAIM, queue.room());
        if (room <= 0 || !queue.takesMore() || !isToBeLookedAt(queue)) {
            return false;
        }
        queue.beginLook();
        if (queue.rests.getAsBoolean()) {
            // The signal stays; whether the port still rests is asked at the next tick.
            return false;
        }
        if (!queue.takeSignal() && !hasDue(queue)) {
            return false;
        }
        List<MessageRow> claimed = queue.order == ClaimOrder.NONE
                ? claims.claim(queue.port, instance, room)
                : claims.claimHead(queue.port, instance, queue.order == ClaimOrder.PASSING);
        for (MessageRow row : claimed) {
            if (!workers.hand(queue, row)) {
                owe(row);
            }
        }
        releaseOwed();
        boolean more = claimed.size() == room;
        if (more) {
            queue.signalMaybeDue();
        }
        return queue.order == ClaimOrder.NONE && more;
    }

    /** Hands over a message that is to be alone in its pipeline, and waits until its work has ended; whether there was one. */
    private boolean feedSuspect() throws InterruptedException {
        List<String> ports = suspects.ports();
        suspectsMayWait = !ports.isEmpty();
        for (String port : ports) {
            PortQueue queue = queues.get(port);
            if (queue == null || !queue.isOpen() || queue.rests.getAsBoolean()) {
                continue;
            }
            for (MessageRow row :
                    suspects.claim(port, instance, queue.order != ClaimOrder.NONE, queue.order == ClaimOrder.PASSING)) {
                watch.suspect(row);
                if (workers.hand(queue, row)) {
                    watch.awaitEnd(row, SUSPECT_PATIENCE);
                } else {
                    watch.ended(row);
                    owe(row);
                }
                releaseOwed();
                return true;
            }
        }
        return false;
    }

    private void owe(MessageRow row) {
        synchronized (owed) {
            owed.add(row);
        }
    }

    /** Hands nothing more to any port, to those that are opened later neither. */
    public void stopClaiming() {
        ending = true;
    }

    /** Messages may have been in the pipeline of an instance that died. */
    public void lookForSuspects() {
        suspectsMayWait = true;
        rouse();
    }

    /** Nobody need tell of a message that is due again: that is seen when its work has ended, or at the next tick. */
    private boolean isToBeLookedAt(PortQueue queue) {
        return queue.isSignaled() || queue.millisLeft(tickMillis) <= 0;
    }

    /** Until a port is to be looked at that nobody tells of. */
    private long pauseMillis() {
        return Math.max(
                1,
                queues.values().stream()
                        .filter(PortQueue::takesMore)
                        .mapToLong(queue -> queue.millisLeft(tickMillis))
                        .min()
                        .orElse(tickMillis));
    }

    private boolean hasDue(PortQueue queue) {
        return queue.order == ClaimOrder.NONE
                ? claims.hasDue(queue.port)
                : claims.hasDueHead(queue.port, queue.order == ClaimOrder.PASSING);
    }

    /** Releases what was claimed and could not be handed on. */
    private void releaseOwed() {
        List<MessageRow> rows;
        synchronized (owed) {
            rows = List.copyOf(owed);
        }
        if (!rows.isEmpty()) {
            claims.release(rows, instance, Duration.ZERO);
            synchronized (owed) {
                owed.clear();
            }
        }
    }

    /**
     * Lets go of a message whose thread does not come back; another thread does the port's work.
     *
     * @param seq the message's number in the box
     */
    public void giveUp(long seq) {
        workers.giveUp(seq);
    }

    /** The numbers of the messages that are in hand, or are about to be given back. */
    public Set<Long> inHand() {
        Set<Long> all = new HashSet<>(workers.inHand());
        synchronized (owed) {
            owed.forEach(row -> all.add(row.seq()));
        }
        return all;
    }

    /** Claims nothing more. Ports are shut before. */
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
