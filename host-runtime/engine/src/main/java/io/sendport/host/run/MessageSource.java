package io.sendport.host.run;

import io.sendport.host.box.Claims;
import io.sendport.host.box.MemoryClaims;
import io.sendport.host.box.MessageRow;
import java.util.List;
import java.util.Optional;

/**
 * Claims the messages of a dispatcher. Claims rows for ports that keep the order, and on stores that several processes share. Otherwise
 * claims in memory. For the thread of the dispatcher.
 */
final class MessageSource {

    private final Claims claims;
    private final String instance;
    private final Workers workers;
    private final long pollMillis;

    MessageSource(Claims claims, String instance, Workers workers, long pollMillis) {
        this.claims = claims;
        this.instance = instance;
        this.workers = workers;
        this.pollMillis = pollMillis;
    }

    private Optional<MemoryClaims> inMemory(PortQueue queue) {
        return queue.order == ClaimOrder.NONE ? claims.inMemory() : Optional.empty();
    }

    /** Prepares claims for the queue. Call this before the first claim, on any thread. */
    void open(PortQueue queue) {
        inMemory(queue).ifPresent(memory -> memory.open(queue.port));
    }

    /** Ends claims for the queue. Call this after the last claim, on any thread. */
    void close(PortQueue queue) {
        inMemory(queue).ifPresent(memory -> memory.close(queue.port));
    }

    /**
     * Claims up to {@code limit} due messages for the queue; a queue that keeps the order gets at most one.
     *
     * @param signaled whether this process has stored a message since the last call
     */
    List<MessageRow> claim(PortQueue queue, int limit, boolean signaled) {
        Optional<MemoryClaims> memory = inMemory(queue);
        if (memory.isPresent()) {
            return claim(memory.get(), queue, limit, signaled);
        }
        if (!signaled && !hasDue(queue)) {
            return List.of();
        }
        return queue.order == ClaimOrder.NONE
                ? claims.claim(queue.port, instance, limit)
                : claims.claimHead(queue.port, instance, queue.order == ClaimOrder.CONTINUE_ON_FAILURE);
    }

    /**
     * Claims in memory. Messages that this process stores are in memory already. Queries the store at least once per poll interval, for
     * messages of other processes and for retries.
     */
    private List<MessageRow> claim(MemoryClaims memory, PortQueue queue, int limit, boolean signaled) {
        boolean ready = memory.hasReady(queue.port);
        boolean queriesStore;
        if (queue.isStoreQueryDue(pollMillis)) {
            queriesStore = ready || memory.hasDue(queue.port, workers.inProgress(queue.port));
            queue.markStoreQueried();
        } else {
            queriesStore = !ready && !signaled && memory.hasDue(queue.port, workers.inProgress(queue.port));
        }
        return memory.claim(queue.port, limit, workers.inProgress(queue.port), queriesStore);
    }

    private boolean hasDue(PortQueue queue) {
        return queue.order == ClaimOrder.NONE
                ? claims.hasDue(queue.port)
                : claims.hasDueHead(queue.port, queue.order == ClaimOrder.CONTINUE_ON_FAILURE);
    }
}
