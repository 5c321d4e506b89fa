package io.sendport.host.operate;

import java.util.List;
import java.util.OptionalLong;

/**
 * A page of a long list of messages, newest first.
 *
 * @param <T> what it has of each message
 * @param items the messages that fit
 * @param next where the next page starts; empty at the end
 * @param isWhole false when the time was over before the page was full; continue at {@code next}, or narrow the filter
 */
public record MessagePage<T>(List<T> items, OptionalLong next, boolean isWhole) {

    /** Copies the list. */
    public MessagePage {
        items = List.copyOf(items);
    }
}
