package io.sendport.api.message;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Where a component writes content: in memory up to a megabyte, beyond that in a spool file that is deleted at the end of the attempt.
 * Thread-safe.
 */
public interface Workspace {

    /**
     * Runs {@code writer} and returns what it wrote as a body.
     *
     * @throws IOException what {@code writer} threw, or a failure to write the spool file (with path and cause); no file is left behind
     */
    Body write(Writer writer) throws IOException;

    /** Writes content to a stream. */
    @FunctionalInterface
    interface Writer {
        /** Writes all of the content. Does not close {@code out}. */
        void writeTo(OutputStream out) throws IOException;
    }
}
