package io.sendport.host.run;

import io.sendport.host.box.Claims;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.Suspects;
import io.sendport.host.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Claims what is due and hands it to the ports, each with a bound of its own on how much it has in hand, so that a port whose relay
 * hangs holds up nobody else. New work of this process is noticed at once, that of others when they tell, or at the next tick.
 */
public final class Dispatcher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final int LARGEST_CLAIM = 64;
    /** How long other messages wait for the work on a suspect to end. */
    private static final Duration SUSPECT_PATIENCE = Duration.ofSeconds(30);
    /** Poll interval for a port that has not been signaled while its messages are completing. */
    private static final long GLANCE_MILLIS = 5;

    private final Claims claims;
    private final String instance;
    private final BooleanSupplier leased;
    private final long tickMillis;
    private final Map<String, PortLane> lanes = new ConcurrentHashMap<>();
    private final Map<String, PortLane> forced = new ConcurrentHashMap<>();
    private final ExecutorService workers;
    private final Map<Long, Hand> hands = new ConcurrentHashMap<>();
    private final Suspects suspects;
    private final PipelineWatch watch;
    private final Budget budget;
    private final Semaphore signal = new Semaphore(0);
    private final Thread thread;
    private final List<MessageRow> owed = new ArrayList<>();
    private volatile boolean suspectsMayWait = true;
    private volatile boolean closing;
    private volatile boolean ending;
    private volatile boolean glancesSoon;

    /** In which order a port's messages have their turn. */
    public enum Order {
        /** Whichever is due. */
        NONE,
        /** As submitted; one that failed is passed. */
        PASSING,
        /** As submitted; one that failed stops all behind it. */
        STOPPING
    }

    /** A message that a thread has in hand. */
    private final class Hand {
        private final PortLane lane;
        private final MessageRow row;
        private final AtomicBoolean over = new AtomicBoolean();

        Hand(PortLane lane, MessageRow row) {
            this.lane = lane;
            this.row = row;
            lane.inHand.incrementAndGet();
            lane.share.take();
            hands.put(row.seq(), this);
        }

        /** It is out of hand; once. */
        void end() {
            if (over.compareAndSet(false, true)) {
                hands.remove(row.seq(), this);
                watch.ended(row);
                lane.share.give();
                lane.inHand.decrementAndGet();
                lane.whenIdle.run();
                lane.ended = true;
                if (lane.order != Order.NONE) {
                    // The next one waited for this.
                    lane.told.set(true);
                }
                if (lane.told.get() || !glancesSoon) {
                    rouse();
                }
            }
        }

        void work() {
            try {
                lane.handler.accept(row);
            } catch (RuntimeException | Error e) {
                LOG.error("message {} of port {}: its work failed", row.id(), row.port(), e);
            } finally {
                MDC.clear();
                end();
            }
        }
    }

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
        AtomicInteger number = new AtomicInteger();
        this.workers =
                Executors.newCachedThreadPool(task -> new Thread(task, "sendport-worker-" + number.incrementAndGet()));
        this.thread = new Thread(this::run, "sendport-dispatcher");
        thread.start();
    }

    /** Hands messages of {@code port} to {@code handler}, at most {@code capacity} at once, and none while it {@code rests}. */
    public void open(String port, int capacity, Order order, Consumer<MessageRow> handler, BooleanSupplier rests) {
        lanes.put(port, new PortLane(port, capacity, order, handler, rests, budget.join()));
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
        long set = lanes(port).stream()
                .mapToLong(lane -> lane.deadline)
                .filter(deadline -> deadline != 0)
                .min()
                .orElse(until);
        return retire(port, set - until < 0 ? set : until, () -> {});
    }

    /** Hands what is to be tried though {@code port} is stopped to {@code handler}, at most {@code capacity} at once. */
    public void force(String port, int capacity, Consumer<MessageRow> handler) {
        PortLane lane = forced.computeIfAbsent(
                port,
                name -> new PortLane(
                        name,
                        capacity,
                        capacity == 1 ? Order.STOPPING : Order.NONE,
                        handler,
                        () -> false,
                        budget.join()));
        int room = lane.room();
        if (room <= 0 || ending || !lane.open || !leased.getAsBoolean()) {
            return;
        }
        for (MessageRow row : claims.claimForced(port, instance, room, lane.order != Order.NONE)) {
            if (!hand(lane, row)) {
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
        lanes(port).forEach(lane -> lane.close(deadline));
    }

    /**
     * Lets go of a port.
     *
     * @param deadline until when to wait for what it has in hand, by {@link System#nanoTime}
     * @param afterwards is run once, when the last of it has ended
     * @return whether all of it ended in time
     */
    public boolean retire(String port, long deadline, Runnable afterwards) throws InterruptedException {
        List<PortLane> ending = lanes(port);
        lanes.remove(port);
        forced.remove(port);
        AtomicBoolean done = new AtomicBoolean();
        for (PortLane lane : ending) {
            lane.close(deadline);
            lane.share.close();
            lane.whenIdle = () -> {
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
        return awaitIdle(lanes(port), deadline);
    }

    private static boolean awaitIdle(List<PortLane> ending, long deadline) throws InterruptedException {
        while (ending.stream().anyMatch(lane -> lane.inHand.get() > 0) && System.nanoTime() - deadline < 0) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        return ending.stream().allMatch(lane -> lane.inHand.get() == 0);
    }

    private List<PortLane> lanes(String port) {
        return Stream.of(lanes, forced)
                .flatMap(all -> Optional.ofNullable(all.get(port)).stream())
                .toList();
    }

    /** There may be new work at any port. */
    public void wake() {
        lanes.values().forEach(lane -> lane.told.set(true));
        rouse();
    }

    /** There is new work at {@code port}, unless it was claimed already. */
    public void wake(String port) {
        PortLane lane = lanes.get(port);
        if (lane != null) {
            lane.sure.set(true);
            lane.told.set(true);
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
                glancesSoon = pause <= GLANCE_MILLIS;
                if (signal.tryAcquire(pause, TimeUnit.MILLISECONDS)) {
                    signal.drainPermits();
                }
                payBack();
                while (suspectsMayWait && !ending && !closing && leased.getAsBoolean() && feedSuspect()) {
                    // One after the other, before all else.
                }
                boolean more = true;
                while (more && !ending && !closing && leased.getAsBoolean()) {
                    more = false;
                    for (PortLane lane : List.copyOf(lanes.values())) {
                        more |= feed(lane);
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

    /** Whether the lane took all it could and there may be more. */
    private boolean feed(PortLane lane) {
        int room = Math.min(LARGEST_CLAIM, lane.room());
        if (room <= 0 || !lane.takesMore() || !isToBeLookedAt(lane)) {
            return false;
        }
        lane.ended = false;
        lane.lookedAt = System.nanoTime();
        if (lane.rests.getAsBoolean()) {
            // What it was told stays; whether it still rests is asked at the next tick.
            return false;
        }
        // Before the look, so that what is told meanwhile is not lost.
        lane.told.set(false);
        if (!lane.sure.getAndSet(false) && !hasDue(lane)) {
            return false;
        }
        List<MessageRow> claimed = lane.order == Order.NONE
                ? claims.claim(lane.port, instance, room)
                : claims.claimHead(lane.port, instance, lane.order == Order.PASSING);
        for (MessageRow row : claimed) {
            if (!hand(lane, row)) {
                owe(row);
            }
        }
        payBack();
        boolean more = claimed.size() == room;
        if (more) {
            lane.told.set(true);
        }
        return lane.order == Order.NONE && more;
    }

    /** Hands over a message that is to be alone in its pipeline, and waits until its work has ended; whether there was one. */
    private boolean feedSuspect() throws InterruptedException {
        List<String> ports = suspects.ports();
        suspectsMayWait = !ports.isEmpty();
        for (String port : ports) {
            PortLane lane = lanes.get(port);
            if (lane == null || !lane.open || lane.rests.getAsBoolean()) {
                continue;
            }
            for (MessageRow row :
                    suspects.claim(port, instance, lane.order != Order.NONE, lane.order == Order.PASSING)) {
                watch.suspect(row);
                if (hand(lane, row)) {
                    watch.awaitEnd(row, SUSPECT_PATIENCE);
                } else {
                    watch.ended(row);
                    owe(row);
                }
                payBack();
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
    private boolean isToBeLookedAt(PortLane lane) {
        return lane.told.get() || millisLeft(lane) <= 0;
    }

    private long millisLeft(PortLane lane) {
        long since = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lane.lookedAt);
        return (lane.ended ? GLANCE_MILLIS : tickMillis) - since;
    }

    /** Until a port is to be looked at that nobody tells of. */
    private long pauseMillis() {
        return Math.max(
                1,
                lanes.values().stream()
                        .filter(PortLane::takesMore)
                        .mapToLong(this::millisLeft)
                        .min()
                        .orElse(tickMillis));
    }

    private boolean hasDue(PortLane lane) {
        return lane.order == Order.NONE
                ? claims.hasDue(lane.port)
                : claims.hasDueHead(lane.port, lane.order == Order.PASSING);
    }

    /** Releases what was claimed and could not be handed on. */
    private void payBack() {
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

    private boolean hand(PortLane lane, MessageRow row) {
        if (!lane.open) {
            return false;
        }
        if (hands.containsKey(row.seq())) {
            // A claim that was answered late: what it gave was taken back and claimed once more meanwhile.
            LOG.warn("message {} is in hand already", row.id());
            return true;
        }
        Hand hand = new Hand(lane, row);
        try {
            workers.execute(hand::work);
            return true;
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            hand.end();
            return false;
        }
    }

    /**
     * Lets go of a message whose thread does not come back; another thread does the port's work.
     *
     * @param seq the message's number in the box
     */
    public void giveUp(long seq) {
        Hand hand = hands.get(seq);
        if (hand != null) {
            hand.end();
        }
    }

    /** The numbers of the messages that are in hand, or are about to be given back. */
    public Set<Long> inHand() {
        Set<Long> all = new HashSet<>(hands.keySet());
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
            if (!workers.awaitTermination(5, TimeUnit.SECONDS)) {
                workers.shutdownNow();
            }
        } catch (InterruptedException e) {
            workers.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
