package io.sendport.cli.option;

import io.sendport.host.box.MessageFilter;
import io.sendport.host.box.MessageState;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The FILTER options, which select messages. A message must match all of them. */
public final class FilterOptions {

    @Option(names = "--port", paramLabel = "NAME", description = "Port or group; * matches any text; repeatable.")
    private List<String> ports = List.of();

    @Option(
            names = "--state",
            paramLabel = "S",
            split = ",",
            description =
                    "One or more of waiting, sending, retrying, scheduled, inDoubt, suspended, done, consumed, terminated.")
    private List<String> states = List.of();

    @Option(names = "--held", description = "Only messages on hold.")
    private boolean held;

    @Mixin
    private SearchOptions search = new SearchOptions();

    public MessageFilter messages() {
        Set<MessageState> wanted = new LinkedHashSet<>();
        states.forEach(state -> wanted.add(MessageState.of(state)));
        return new MessageFilter(
                new LinkedHashSet<>(ports),
                search.application(),
                wanted,
                search.recipient(),
                search.properties(),
                search.error(),
                search.relay(),
                search.since(),
                search.until(),
                held);
    }
}
