package io.sendport.host.box;

import io.sendport.host.store.Store;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Claims in the memory of the process that owns the store, as one process owns a SQLite store. A claim writes nothing: a message that
 * is claimed stays waiting or retrying in the store until its attempt starts, and a crash forgets the claim. An act of an operator,
 * also in another process, may come before the attempt; then the attempt does not start. The caller tells which messages it has in
 * hand. For ports that keep no order, each used by one dispatcher.
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

    /** Called when it no longer does. */
    public void close(String port) {
        ready.close(port);
    }

    /**
     * Claims up to {@code most} due messages of {@code port}: those that this process has just stored, and if {@code look}, the oldest
     * in the store.
     *
     * @param inHand the numbers of the port's messages that are in hand
     * @return the messages as the store has them: waiting or retrying
     */
    public List<MessageRow> claim(String port, int most, Set<Long> inHand, boolean look) {
        store.state().refusesClaims().ifPresent(why -> {
            throw why;
        });
        List<MessageRow> claimed = new ArrayList<>();
        if (!look) {
            ready.take(port, most).stream()
                    .filter(row -> !inHand.contains(row.seq()))
                    .forEach(claimed::add);
        }
        int room = most - claimed.size();
        if (look || (room > 0 && ready.isIncomplete(port))) {
            Set<Long> taken = new HashSet<>(inHand);
            claimed.forEach(row -> taken.add(row.seq()));
            claimed.addAll(read(port, room, taken));
        }
        return claimed;
    }

    private List<MessageRow> read(String port, int most, Set<Long> taken) {
        long now = clock.millis();
        int limit = most + taken.size() + ready.beginRead(port);
        // A write is answered after a sync: no message is claimed before it is on disk, whichever process stored it.
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

    /** Whether the store has a due message of {@code port} beside those in hand. */
    public boolean hasDue(String port, Set<Long> inHand) {
        return store.glance(handle -> handle
                .createQuery("SELECT m.seq" + DUE)
                .bind(0, port)
                .bind(1, clock.millis())
                .bind(2, port)
                .bind(3, inHand.size() + 1)
                .mapTo(Long.class)
                .stream()
                .anyMatch(seq -> !inHand.contains(seq)));
    }
}
