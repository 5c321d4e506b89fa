package io.sendport.host.process;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** The resources of a process. They are closed in reverse order, all of them, whatever fails. A second close does nothing. */
final class OpenResources {

    private final Deque<AutoCloseable> all = new ArrayDeque<>();

    /** Adds a resource, which is closed before all earlier ones. */
    synchronized void add(AutoCloseable each) {
        all.push(each);
    }

    /**
     * Closes everything.
     *
     * @throws IOException the first failure; later ones are suppressed in it
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
