package io.sendport.api.host;

import io.sendport.api.message.Workspace;

/** Temporary space for large content. {@link #close} deletes what was written; its bodies cannot be read afterwards. Thread-safe. */
public interface TemporaryWorkspace extends Workspace, AutoCloseable {

    /** Deletes what was written. A second call does nothing. Throws nothing. */
    @Override
    void close();
}
