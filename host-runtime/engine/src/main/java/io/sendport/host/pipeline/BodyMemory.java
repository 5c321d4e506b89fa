package io.sendport.host.pipeline;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits the memory that the large bodies of all messages in pipelines occupy together, so that many of them do not exhaust the heap. If
 * the memory is used up, a body is written to a file. That is slower, but no message waits. Safe for use by several threads.
 */
final class BodyMemory {

    private final AtomicLong free;

    /** Allows {@code bytes} in total. */
    BodyMemory(long bytes) {
        this.free = new AtomicLong(bytes);
    }

    /** An eighth of the heap of this process. */
    static BodyMemory ofThisProcess() {
        return new BodyMemory(Runtime.getRuntime().maxMemory() / 8);
    }

    /** Takes {@code bytes}. If there are fewer, takes nothing and returns false. */
    boolean take(long bytes) {
        if (free.addAndGet(-bytes) >= 0) {
            return true;
        }
        free.addAndGet(bytes);
        return false;
    }

    /** Gives back bytes that were taken. */
    void giveBack(long bytes) {
        free.addAndGet(bytes);
    }
}
