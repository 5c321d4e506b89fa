package io.sendport.host.run;

import io.sendport.host.box.Claims;
import io.sendport.host.box.MessageRow;
import io.sendport.host.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    /** How often a port is looked at of which nobody says that it has work, while messages of it come to an end. */
    private static final long GLANCE_MILLIS = 5;

    private final Claims claims;
    private final String instance;
    private final BooleanSupplier leased;
    private final long tickMillis;
    private final Map<String, Lane> lanes = new ConcurrentHashMap<>();
    private final Map<String, Lane> forced = new ConcurrentHashMap<>();
    private final ExecutorService workers;
    private final Semaphore signal = new Semaphore(0);
    private final Thread thread;
    private final List<MessageRow> owed = new ArrayList<>();
    private volatile boolean closing;
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

    /** A port that takes work. */
    private static final class Lane {
        private final String port;
        private final int capacity;
        /** One message at a time would be a write of its own for each: while much is in hand, a few are claimed at once. */
        private final int leastClaim;

        private final Order order;
        private final Consumer<MessageRow> handler;
        private final BooleanSupplier rests;
        private final AtomicInteger inHand = new AtomicInteger();
        /** There may be something due that was not there when it was last looked at. */
        private final AtomicBoolean told = new AtomicBoolean(true);
        /** There was, and need not be asked for. */
        private final AtomicBoolean sure = new AtomicBoolean();

        private volatile boolean ended;
        private long lookedAt = System.nanoTime();
        private volatile boolean open = true;
        private volatile Runnable whenIdle = () -> {};

        Lane(String port, int capacity, Order order, Consumer<MessageRow> handler, BooleanSupplier rests) {
            this.rests = rests;
            this.port = port;
            this.capacity = capacity;
            this.leastClaim = Math.max(1, capacity / 4);
            this.order = order;
            this.handler = handler;
        }

        boolean takesMore() {
            return open && capacity - inHand.get() >= leastClaim;
        }
    }

    /**
     * Claims on behalf of {@code instance}.
     *
     * @param leased whether it may: not while its lease has lapsed
     * @param tick how long work that nobody told of may go unnoticed
     */
    public Dispatcher(Claims claims, String instance, BooleanSupplier leased, Duration tick) {
        this.claims = claims;
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
        lanes.put(port, new Lane(port, capacity, order, handler, rests));
        wake();
    }

    /**
     * Hands nothing more to that port, and waits for what it has in hand.
     *
     * @return whether all of it ended in time
     */
    public boolean shut(String port, Duration patience) throws InterruptedException {
        return retire(port, System.nanoTime() + patience.toNanos(), () -> {});
    }

    /** Hands what is to be tried though {@code port} is stopped to {@code handler}, at most {@code capacity} at once. */
    public void force(String port, int capacity, Consumer<MessageRow> handler) {
        Lane lane = forced.computeIfAbsent(
                port,
                name -> new Lane(name, capacity, capacity == 1 ? Order.STOPPING : Order.NONE, handler, () -> false));
        int room = lane.capacity - lane.inHand.get();
        if (room <= 0 || !lane.open || !leased.getAsBoolean()) {
            return;
        }
        for (MessageRow row : claims.claimForced(port, instance, room, lane.order != Order.NONE)) {
            if (!hand(lane, row)) {
                claims.release(List.of(row), instance, Duration.ZERO);
            }
        }
    }

    /** Hands nothing more to that port; what it has in hand goes on. */
    public void stopClaiming(String port) {
        lanes(port).forEach(lane -> lane.open = false);
    }

    /**
     * Lets go of a port.
     *
     * @param deadline until when to wait for what it has in hand, by {@link System#nanoTime}
     * @param afterwards is run once, when the last of it has ended
     * @return whether all of it ended in time
     */
    public boolean retire(String port, long deadline, Runnable afterwards) throws InterruptedException {
        List<Lane> ending = lanes(port);
        lanes.remove(port);
        forced.remove(port);
        AtomicBoolean done = new AtomicBoolean();
        for (Lane lane : ending) {
            lane.open = false;
            lane.whenIdle = () -> {
                if (ending.stream().allMatch(each -> each.inHand.get() == 0) && done.compareAndSet(false, true)) {
                    afterwards.run();
                }
            };
        }
        while (ending.stream().anyMatch(lane -> lane.inHand.get() > 0) && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        boolean ended = ending.stream().allMatch(lane -> lane.inHand.get() == 0);
        if (ended && done.compareAndSet(false, true)) {
            afterwards.run();
        }
        return ended;
    }

    private List<Lane> lanes(String port) {
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
        Lane lane = lanes.get(port);
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
                boolean more = true;
                while (more && !closing && leased.getAsBoolean()) {
                    more = false;
                    for (Lane lane : List.copyOf(lanes.values())) {
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
    private boolean feed(Lane lane) {
        int room = Math.min(LARGEST_CLAIM, lane.capacity - lane.inHand.get());
        if (!lane.takesMore() || !isToBeLookedAt(lane)) {
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
                owed.add(row);
            }
        }
        payBack();
        boolean more = claimed.size() == room;
        if (more) {
            lane.told.set(true);
        }
        return lane.order == Order.NONE && more;
    }

    /** Nobody need tell of a message that is due again: that is seen when its work has ended, or at the next tick. */
    private boolean isToBeLookedAt(Lane lane) {
        return lane.told.get() || millisLeft(lane) <= 0;
    }

    private long millisLeft(Lane lane) {
        long since = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lane.lookedAt);
        return (lane.ended ? GLANCE_MILLIS : tickMillis) - since;
    }

    /** Until a port is to be looked at that nobody tells of. */
    private long pauseMillis() {
        return Math.max(
                1,
                lanes.values().stream()
                        .filter(Lane::takesMore)
                        .mapToLong(this::millisLeft)
                        .min()
                        .orElse(tickMillis));
    }

    private boolean hasDue(Lane lane) {
        return lane.order == Order.NONE
                ? claims.hasDue(lane.port)
                : claims.hasDueHead(lane.port, lane.order == Order.PASSING);
    }

    /** Releases what was claimed and could not be handed on. */
    private void payBack() {
        if (!owed.isEmpty()) {
            claims.release(List.copyOf(owed), instance, Duration.ZERO);
            owed.clear();
        }
    }

    private boolean hand(Lane lane, MessageRow row) {
        lane.inHand.incrementAndGet();
        if (!lane.open) {
            lane.inHand.decrementAndGet();
            return false;
        }
        try {
            workers.execute(() -> {
                try {
                    lane.handler.accept(row);
                } catch (RuntimeException | Error e) {
                    LOG.error("message {} of port {}: its work failed", row.id(), row.port(), e);
                } finally {
                    MDC.clear();
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
            });
            return true;
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            lane.inHand.decrementAndGet();
            return false;
        }
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
