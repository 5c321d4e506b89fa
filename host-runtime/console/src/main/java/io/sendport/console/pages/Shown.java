package io.sendport.console.pages;

import io.sendport.host.box.MessageState;
import io.sendport.host.operate.ListedMessage;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A page of messages and the filter that selected them.
 *
 * @param filter the search
 * @param items the messages
 * @param complete false when the search stopped at its time limit
 * @param next the address of the page with older messages
 * @param isReader whether the user may search by recipient
 */
public record Shown(
        Filter filter, List<ListedMessage> items, boolean complete, Optional<String> next, boolean isReader) {

    /** Copies the list. */
    public Shown {
        items = List.copyOf(items);
    }

    /** The value of a parameter; empty when it is absent. */
    public String value(String name) {
        return filter.value(name);
    }

    /** All states, in the words that users know. */
    public List<String> states() {
        Stream<String> all = Arrays.stream(MessageState.values()).map(MessageState::word);
        // A link may select several states at once.
        return Stream.concat(Stream.of(value("state")).filter(each -> each.contains(",")), all)
                .toList();
    }
}
