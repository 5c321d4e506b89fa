package io.sendport.host.alert;

import io.sendport.api.adapter.Lease;
import io.sendport.host.condition.alert.Alert;

/** A way by which alerts reach people. Not thread-safe. */
interface Channel extends AutoCloseable {

    /** Returns the name in the configuration. */
    String name();

    /**
     * Sends an alert. A failure is a reply too, not an exception.
     *
     * @param lease the alert lease; the channel checks it before the step that cannot be undone
     * @throws InterruptedException when the calling thread is interrupted
     */
    ChannelReply send(Alert alert, AlertSender sender, Lease lease) throws InterruptedException;

    @Override
    void close();
}
