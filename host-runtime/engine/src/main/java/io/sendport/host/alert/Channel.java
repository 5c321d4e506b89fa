package io.sendport.host.alert;

import io.sendport.api.adapter.Lease;
import io.sendport.host.condition.alert.Alert;

/** A way by which alerts reach people. For one thread at a time. */
interface Channel extends AutoCloseable {

    /** Its name in the configuration. */
    String name();

    /**
     * Sends a message.
     *
     * @param lease checked before the step that cannot be undone
     * @throws InterruptedException when the caller is asked to stop
     */
    ChannelReply send(Alert message, AlertSender sender, Lease lease) throws InterruptedException;

    @Override
    void close();
}
