package io.sendport.host.alert;

import io.sendport.support.text.Text;

/**
 * The result of one attempt to send an alert through a channel.
 *
 * @param channel the channel's name
 * @param accepted whether the other side accepted the alert
 * @param text the server's answer, or why there is none; at most 500 characters, without secrets
 */
public record ChannelReply(String channel, boolean accepted, String text) {

    private static final int MAX_LENGTH = 500;

    /** Makes control characters in the text visible, and shortens it. */
    public ChannelReply {
        text = Text.printable(text, MAX_LENGTH);
    }
}
