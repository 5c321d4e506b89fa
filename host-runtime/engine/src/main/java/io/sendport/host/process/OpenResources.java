package io.sendport.host.process;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** The resources of a process. Closes all of them in reverse order, even if some fail to close. Safe for use by several threads. */
final class OpenResources {

    private final Deque<AutoCloseable> all = new ArrayDeque<>();

    /** Adds a resource. It is closed before all resources that were added earlier. */
    synchronized void add(AutoCloseable each) {
        all.push(each);
    }

    /**
     * Closes all resources. A second call does nothing.
     *
     * @throws IOException the first failure, unless it is a runtime exception; later failures are suppressed in it
     */
    synchronized void close() throws IOException {
        Exception first = null;
        while (!all.isEmpty()) {
            try {
                all.pop().close();
            } catch (Exception e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first instanceof RuntimeException failure) {
            throw failure;
        }
        if (first instanceof IOException failure) {
            throw failure;
        }
        if (first != null) {
            throw new IOException(first);
        }
    }
}
