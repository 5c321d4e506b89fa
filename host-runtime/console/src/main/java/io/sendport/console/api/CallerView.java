package io.sendport.console.api;

import io.sendport.console.access.PortScope;
import io.sendport.console.access.Role;
import io.sendport.console.http.Call;
import io.sendport.host.box.MessageFilter;
import io.sendport.host.operate.ListedMessage;
import io.sendport.host.operate.MessageContent;
import io.sendport.host.operate.MessageHistory;
import io.sendport.host.operate.MessagePage;
import io.sendport.host.operate.MessageView;
import io.sendport.host.operate.Operations;
import io.sendport.host.operate.PortView;
import io.sendport.host.operate.RefusedException;
import io.sendport.host.operate.StatusView;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The view of a caller on the message box. API and pages share it, so that both mask and record by the same rules. For one request. */
public final class CallerView {

    /** The parameters of a search for messages. */
    public static final Set<String> MESSAGE_FILTERS = Filters.OF_MESSAGES;

    private final Operations all;
    private final Call call;
    private final PortScope reach;

    /** The view of the caller of {@code call}. */
    public CallerView(Operations all, Call call) {
        this.all = all;
        this.call = call;
        this.reach = call.caller().reach(Role.VIEWER, all.routing());
    }

    /** The status, limited to what the caller may see. */
    public StatusView status() {
        return Visibility.masked(all).of(all.status().now(), reach);
    }

    /** The ports that the caller may see. */
    public List<PortView> ports() {
        Visibility visibility = Visibility.masked(all);
        return all.ports().list(List.of()).stream()
                .filter(port -> reach.covers(port.name()))
                .map(visibility::of)
                .toList();
    }

    /** The names of the ports that the caller may see. */
    public List<String> portNames() {
        return all.routing().ports().keySet().stream()
                .filter(reach::covers)
                .sorted()
                .toList();
    }

    /**
     * One port.
     *
     * @throws RefusedException when no port has this name, or the caller may not see it
     */
    public PortView port(String name) {
        return portIfKnown(name)
                .orElseThrow(
                        () -> RefusedException.notFound("unknown send port \"" + name + "\", or you may not see it"));
    }

    /** The port with this name; empty when the configuration has no such port, or the caller may not see it. */
    public Optional<PortView> portIfKnown(String name) {
        return all.routing().ports().containsKey(name) && reach.covers(name)
                ? Optional.of(Visibility.masked(all)
                        .of(all.ports().list(List.of(name)).get(0)))
                : Optional.empty();
    }

    /** The newest messages at a port, with the replies of relays. */
    public List<ListedMessage> newest(String port, int most) {
        Visibility visibility = Visibility.of(call, all, "newest messages at port " + port);
        return all
                .messages()
                .listed(MessageFilter.all().of(Set.of(port)), OptionalLong.empty(), most, MessagesResource.TIMEOUT)
                .items()
                .stream()
                .map(visibility::of)
                .toList();
    }

    /** The content of the message {@code {id}} of the path, for readers. The ledger records the access first. */
    public MessageContent content() {
        MessageView view = MessagesResource.at(call, all, Role.READER);
        return all.messages().content(view.id().value(), call.caller().actor(""));
    }

    /**
     * The result of a search for messages.
     *
     * @param items the messages, newest first
     * @param next the position of the next page, with older messages
     * @param complete false when the search stopped at its time limit
     * @param isReader whether the caller sees personal data at some port
     */
    public record Found<T>(List<T> items, OptionalLong next, boolean complete, boolean isReader) {}

    /** The messages that the parameters of the request select. */
    public Found<MessageView> messages() {
        Search search = new Search();
        return search.found(
                all.messages().page(search.filter, search.after, search.limit, MessagesResource.TIMEOUT),
                search.visibility::of);
    }

    /** As {@link #messages()}, with recipients and answers. */
    public Found<ListedMessage> listedMessages() {
        Search search = new Search();
        return search.found(
                all.messages().listed(search.filter, search.after, search.limit, MessagesResource.TIMEOUT),
                search.visibility::of);
    }

    /** What the parameters of the request ask for. Records the access of a reader. */
    private final class Search {
        private final MessageFilter filter;
        private final OptionalLong after;
        private final int limit;
        private final Visibility visibility;

        Search() {
            Filters.requireKnown(call, Filters.OF_MESSAGES, "limit", "after", "masked");
            filter = Filters.messages(call, all, Role.VIEWER);
            after = MessagesResource.after(call);
            limit = Filters.limit(call);
            visibility = Visibility.of(call, all, Filters.described("list of messages", call));
        }

        <T> Found<T> found(MessagePage<T> page, UnaryOperator<T> shown) {
            return new Found<>(
                    page.items().stream().map(shown).toList(),
                    page.next(),
                    page.isWhole(),
                    !call.caller().reach(Role.READER, all.routing()).isNowhere());
        }
    }

    /** The history of the message {@code {id}} of the path. */
    public MessageHistory story() {
        MessageView view = MessagesResource.at(call, all, Role.VIEWER);
        Visibility visibility = Visibility.of(call, all, "life of message " + view.id());
        return visibility.of(all.messages().story(view.id().value()));
    }
}
