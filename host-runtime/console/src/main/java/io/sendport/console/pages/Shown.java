package io.sendport.console.pages;

import io.sendport.host.box.MessageState;
import io.sendport.host.operate.MessageView;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A page of messages, and the filter that found them.
 *
 * @param filter what was searched for
 * @param items the messages
 * @param complete false where there was no time to look for more
 * @param next where older ones are
 * @param isReader whether recipients may be searched for
 */
public record Shown(Filter filter, List<MessageView> items, boolean complete, Optional<String> next, boolean isReader) {

    /** Copies the list. */
    public Shown {
        items = List.copyOf(items);
    }

    /** What was given for a parameter; empty where nothing was. */
    public String value(String name) {
        return filter.value(name);
    }

    /** All states, as users know them. */
    public List<String> states() {
        Stream<String> all = Arrays.stream(MessageState.values()).map(MessageState::word);
        // A link may ask for several at once.
        return Stream.concat(Stream.of(value("state")).filter(each -> each.contains(",")), all)
                .toList();
    }
}
