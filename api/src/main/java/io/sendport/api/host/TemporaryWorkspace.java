package io.sendport.api.host;

import io.sendport.api.message.Workspace;

/**
 * Room for large content that is needed for a while. What was written goes away with {@link #close}, and bodies of it cannot be read
 * afterwards. For any number of threads.
 */
public interface TemporaryWorkspace extends Workspace, AutoCloseable {

    /** Deletes what was written. A second call does nothing, and nothing is thrown. */
    @Override
    void close();
}
