package io.sendport.api.component;

import io.sendport.api.message.Workspace;

/** What the host lends a component for the message at hand. For the thread of the call, until the call returns. */
public interface MessageScope {

    /** The name of the send port. */
    String port();

    /** Where to write what may be large; goes away with the attempt. */
    Workspace workspace();
}
