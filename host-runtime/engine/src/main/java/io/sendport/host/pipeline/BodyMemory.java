package io.sendport.host.pipeline;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that large bodies of all messages in hand may occupy together, so that many of them do not exhaust the heap. A body that
 * gets none is written to a file. That is slower, but the message never waits. Safe for use by several threads.
 */
final class BodyMemory {

    private final AtomicLong free;

    /** Has {@code bytes} in all. */
    BodyMemory(long bytes) {
        this.free = new AtomicLong(bytes);
    }

    /** An eighth of the heap of this process. */
    static BodyMemory ofThisProcess() {
        return new BodyMemory(Runtime.getRuntime().maxMemory() / 8);
    }

    /** Takes {@code bytes}; false, and nothing is taken, when there are fewer. */
    boolean take(long bytes) {
        if (free.addAndGet(-bytes) >= 0) {
            return true;
        }
        free.addAndGet(bytes);
        return false;
    }

    /** Gives back what was taken. */
    void giveBack(long bytes) {
        free.addAndGet(bytes);
    }
}
