package io.sendport.host.box;

import io.sendport.host.store.Store;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Claims in the memory of the one process that owns the store (SQLite). A claim writes nothing: the store shows the message as waiting or
 * retrying until its attempt starts, and a crash drops the claim. If an operator acts first, even from another process, the attempt
 * does not start. Callers pass the messages that they have claimed. Only for ports that do not keep the order, with one dispatcher
 * each.
 */
public final class MemoryClaims {

    private static final String DUE = " FROM message m WHERE m.port = ? AND m.queued = 1 AND m.due_at <= ?"
            + Claims.AND_NOT_STOPPED + " ORDER BY m.due_at, m.seq LIMIT ?";

    private final Store store;
    private final Clock clock;
    private final ReadyMessages ready;

    MemoryClaims(Store store, Clock clock, ReadyMessages ready) {
        this.store = store;
        this.clock = clock;
        this.ready = ready;
    }

    /** Called when a dispatcher begins to work on {@code port}. */
    public void open(String port) {
        ready.open(port);
    }

    /** Called when the dispatcher no longer works on {@code port}. */
    public void close(String port) {
        ready.close(port);
    }

    /**
     * Claims up to {@code most} due messages of {@code port}. With {@code readStore} it takes the oldest ones in the store. Otherwise it
     * takes messages that this process has just stored, and reads the store only if it may have more of them.
     *
     * @param alreadyClaimed the numbers of the port's messages that the caller has claimed
     * @return the messages as the store has them: waiting or retrying
     */
    public List<MessageRow> claim(String port, int most, Set<Long> alreadyClaimed, boolean readStore) {
        store.state().refusesClaims().ifPresent(why -> {
            throw why;
        });
        List<MessageRow> claimed = new ArrayList<>();
        if (!readStore) {
            ready.take(port, most).stream()
                    .filter(row -> !alreadyClaimed.contains(row.seq()))
                    .forEach(claimed::add);
        }
        int room = most - claimed.size();
        if (readStore || (room > 0 && ready.isIncomplete(port))) {
            Set<Long> taken = new HashSet<>(alreadyClaimed);
            claimed.forEach(row -> taken.add(row.seq()));
            claimed.addAll(read(port, room, taken));
        }
        return claimed;
    }

    private List<MessageRow> read(String port, int most, Set<Long> taken) {
        long now = clock.millis();
        int limit = most + taken.size() + ready.beginRead(port);
        // Read in a write, because a write returns after a sync. Thus no message is claimed before it is on disk, even
        // if another process stored it.
        List<MessageRow> due = store.write(transaction -> {
            transaction.requireClaims();
            return transaction
                    .sql()
                    .list(row -> MessageRow.map(row, "state"), "SELECT m.*" + DUE, port, now, port, limit);
        });
        List<MessageRow> free =
                due.stream().filter(row -> !taken.contains(row.seq())).toList();
        return ready.read(port, free, most, due.size() < limit);
    }

    /** Whether {@code port} has messages that this process has just stored. */
    public boolean hasReady(String port) {
        return ready.has(port);
    }

    /** Whether the store has a due message of {@code port} that is not {@code alreadyClaimed}. */
    public boolean hasDue(String port, Set<Long> alreadyClaimed) {
        return store.readWithShortTimeout(handle -> handle
                .createQuery("SELECT m.seq" + DUE)
                .bind(0, port)
                .bind(1, clock.millis())
                .bind(2, port)
                .bind(3, alreadyClaimed.size() + 1)
                .mapTo(Long.class)
                .stream()
                .anyMatch(seq -> !alreadyClaimed.contains(seq)));
    }
}
