package io.sendport.api.component;

import io.sendport.api.message.Workspace;

/** What the host offers a component for the current message. For the calling thread only, until the call returns. */
public interface MessageScope {

    /** The name of the send port. */
    String port();

    /** Where to write content that may be large. Deleted at the end of the attempt. */
    Workspace workspace();
}
