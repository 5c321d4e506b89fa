package io.sendport.console.api;

import io.sendport.console.access.Reach;
import io.sendport.console.access.Role;
import io.sendport.console.http.Call;
import io.sendport.host.box.MessageFilter;
import io.sendport.host.operate.MessageContent;
import io.sendport.host.operate.MessageDetails;
import io.sendport.host.operate.MessagePage;
import io.sendport.host.operate.MessageStory;
import io.sendport.host.operate.MessageView;
import io.sendport.host.operate.Operations;
import io.sendport.host.operate.PortView;
import io.sendport.host.operate.RefusedException;
import io.sendport.host.operate.StatusView;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** What a caller sees of the message box: for the API and for pages alike, masked and recorded by the same rules. For one request. */
public final class Looks {

    /** The parameters of a search for messages. */
    public static final Set<String> MESSAGE_FILTERS = Filters.OF_MESSAGES;

    private final Operations all;
    private final Call call;
    private final Reach reach;

    /** Of the caller of {@code call}. */
    public Looks(Operations all, Call call) {
        this.all = all;
        this.call = call;
        this.reach = call.caller().reach(Role.VIEWER, all.routing());
    }

    /** How things stand. */
    public StatusView status() {
        return Sight.masked(all).of(all.status().now(), reach);
    }

    /** The ports that the caller may see. */
    public List<PortView> ports() {
        Sight sight = Sight.masked(all);
        return all.ports().list(List.of()).stream()
                .filter(port -> reach.covers(port.name()))
                .map(sight::of)
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
     * @throws RefusedException when there is none of that name that the caller may see
     */
    public PortView port(String name) {
        if (!all.routing().ports().containsKey(name) || !reach.covers(name)) {
            throw RefusedException.notFound("there is no send port \"" + name + "\" that you may see");
        }
        return Sight.masked(all).of(all.ports().list(List.of(name)).get(0));
    }

    /** The newest messages at a port, with what relays answered. */
    public List<MessageDetails> newest(String port, int most) {
        Sight sight = Sight.of(call, all, "newest messages at port " + port);
        return all
                .messages()
                .page(MessageFilter.all().of(Set.of(port)), OptionalLong.empty(), most, MessagesResource.PATIENCE)
                .items()
                .stream()
                .map(view -> sight.of(all.messages().details(view.id().value())))
                .toList();
    }

    /** What the message that {@code {id}} in the path names says, for readers; that they read it is recorded first. */
    public MessageContent content() {
        MessageView view = MessagesResource.at(call, all, Role.READER);
        return all.messages().content(view.id().value(), call.caller().actor(""));
    }

    /**
     * Messages that were found.
     *
     * @param items newest first
     * @param next where older ones begin
     * @param complete false where there was no time to look for more
     * @param isReader whether the caller sees whom they concern
     */
    public record Found(List<MessageView> items, OptionalLong next, boolean complete, boolean isReader) {}

    /** The messages that the parameters of the request ask for. */
    public Found messages() {
        Filters.requireKnown(call, Filters.OF_MESSAGES, "limit", "after", "masked");
        MessageFilter filter = Filters.messages(call, all, Role.VIEWER);
        OptionalLong after = MessagesResource.after(call);
        int limit = Filters.limit(call);
        Sight sight = Sight.of(call, all, "list of messages");
        MessagePage page = all.messages().page(filter, after, limit, MessagesResource.PATIENCE);
        return new Found(
                page.items().stream().map(sight::of).toList(),
                page.next(),
                page.isWhole(),
                !call.caller().reach(Role.READER, all.routing()).isNowhere());
    }

    /** The life of the message that {@code {id}} in the path names. */
    public MessageStory story() {
        MessageView view = MessagesResource.at(call, all, Role.VIEWER);
        Sight sight = Sight.of(call, all, "life of message " + view.id());
        return sight.of(all.messages().story(view.id().value()));
    }
}
