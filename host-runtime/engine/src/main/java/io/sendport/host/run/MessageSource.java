package io.sendport.host.run;

import io.sendport.host.box.Claims;
import io.sendport.host.box.MemoryClaims;
import io.sendport.host.box.MessageRow;
import java.util.List;
import java.util.Optional;

/**
 * Where a dispatcher gets messages: claims by row for ports that keep the order and on stores that several processes own, claims in
 * memory otherwise. For the thread of the dispatcher.
 */
final class MessageSource {

    private final Claims claims;
    private final String instance;
    private final Workers workers;
    private final long tickMillis;

    MessageSource(Claims claims, String instance, Workers workers, long tickMillis) {
        this.claims = claims;
        this.instance = instance;
        this.workers = workers;
        this.tickMillis = tickMillis;
    }

    private Optional<MemoryClaims> inMemory(PortQueue queue) {
        return queue.order == ClaimOrder.NONE ? claims.inMemory() : Optional.empty();
    }

    /** Called before the first messages are claimed for the queue. By any thread. */
    void open(PortQueue queue) {
        inMemory(queue).ifPresent(memory -> memory.open(queue.port));
    }

    /** Called after the last messages were claimed for the queue. By any thread. */
    void close(PortQueue queue) {
        inMemory(queue).ifPresent(memory -> memory.close(queue.port));
    }

    /**
     * Claims up to {@code most} messages for the queue, if it has due ones.
     *
     * @param signaled whether this process has stored a message since the last call
     */
    List<MessageRow> claim(PortQueue queue, int most, boolean signaled) {
        Optional<MemoryClaims> memory = inMemory(queue);
        if (memory.isPresent()) {
            return claim(memory.get(), queue, most, signaled);
        }
        if (!signaled && !hasDue(queue)) {
            return List.of();
        }
        return queue.order == ClaimOrder.NONE
                ? claims.claim(queue.port, instance, most)
                : claims.claimHead(queue.port, instance, queue.order == ClaimOrder.PASSING);
    }

    /** What this process stores needs no look into the store, but other processes' messages and retries do, once a tick. */
    private List<MessageRow> claim(MemoryClaims memory, PortQueue queue, int most, boolean signaled) {
        boolean ready = memory.hasReady(queue.port);
        boolean look;
        if (queue.isLookDue(tickMillis)) {
            look = ready || memory.hasDue(queue.port, workers.inProgress(queue.port));
            queue.looked();
        } else {
            look = !ready && !signaled && memory.hasDue(queue.port, workers.inProgress(queue.port));
        }
        return memory.claim(queue.port, most, workers.inProgress(queue.port), look);
    }

    private boolean hasDue(PortQueue queue) {
        return queue.order == ClaimOrder.NONE
                ? claims.hasDue(queue.port)
                : claims.hasDueHead(queue.port, queue.order == ClaimOrder.PASSING);
    }
}
