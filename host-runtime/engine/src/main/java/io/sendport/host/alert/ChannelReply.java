package io.sendport.host.alert;

import io.sendport.support.text.Text;

/**
 * What a channel answered.
 *
 * @param channel its name
 * @param taken whether the other side took the message
 * @param text the answer, or why there is none; at most 500 characters, without secrets
 */
public record ChannelReply(String channel, boolean taken, String text) {

    private static final int MAX_LENGTH = 500;

    /** Makes control characters visible. */
    public ChannelReply {
        text = Text.printable(text, MAX_LENGTH);
    }
}
