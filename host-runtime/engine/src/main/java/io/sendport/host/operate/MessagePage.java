package io.sendport.host.operate;

import java.util.List;
import java.util.OptionalLong;

/**
 * Messages of a long list, newest first.
 *
 * @param items those that fit
 * @param next where the next page begins; empty when there is none
 * @param isWhole false when there was no time to look for more; go on at {@code next}, or narrow the filter
 */
public record MessagePage(List<MessageView> items, OptionalLong next, boolean isWhole) {

    /** Copies the list. */
    public MessagePage {
        items = List.copyOf(items);
    }
}
