package io.sendport.host.operate;

import java.util.List;
import java.util.OptionalLong;

/**
 * A page of a long list of messages, newest first.
 *
 * @param <T> the data of each message
 * @param items the matching messages
 * @param next the position of the next page; empty at the end
 * @param isWhole false if the time was over before the page was full; continue at {@code next}, or narrow the filter
 */
public record MessagePage<T>(List<T> items, OptionalLong next, boolean isWhole) {

    /** Copies the list. */
    public MessagePage {
        items = List.copyOf(items);
    }
}
