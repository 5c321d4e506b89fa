package io.sendport.host.operate;

import java.util.List;
import java.util.OptionalLong;

/**
 * A {@link MessagePage} with recipients and answers.
 *
 * @param items the messages that fit
 * @param next where the next page starts; empty at the end
 * @param isWhole see {@link MessagePage}
 */
public record ListedMessages(List<ListedMessage> items, OptionalLong next, boolean isWhole) {

    /** Copies the list. */
    public ListedMessages {
        items = List.copyOf(items);
    }
}
