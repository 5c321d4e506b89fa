package io.sendport.api.message;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Where a component puts what it writes: in memory up to a megabyte, beyond that in a spool file that goes away with the attempt.
 * Safe for use by several threads.
 */
public interface Workspace {

    /**
     * Runs {@code writer} and gives what it wrote as a body.
     *
     * @throws IOException what {@code writer} threw, or that the spool file could not be written (path and cause); nothing is left
     *     behind
     */
    Body write(Writer writer) throws IOException;

    /** Writes a content to a stream. */
    @FunctionalInterface
    interface Writer {
        /** Writes all of it; does not close {@code out}. */
        void writeTo(OutputStream out) throws IOException;
    }
}
