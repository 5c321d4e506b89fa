package io.sendport.console.pages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.sendport.console.access.Role;
import io.sendport.console.api.CallerView;
import io.sendport.console.api.InProcessApi;
import io.sendport.console.http.Answer;
import io.sendport.console.http.Call;
import io.sendport.console.http.Route;
import io.sendport.host.operate.ListedMessage;
import io.sendport.host.operate.MessageHistory;
import io.sendport.host.operate.MessageView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The message pages: search, counts, and one message with its history and its acts. */
final class MessagePages {

    private static final String ID = "id";

    private final Renderer renderer;
    private final InProcessApi api;

    MessagePages(Renderer renderer, InProcessApi api) {
        this.renderer = renderer;
        this.api = api;
    }

    List<Route> routes() {
        return List.of(
                new Route("GET", "/messages", Set.of(Role.VIEWER), this::list),
                new Route("GET", "/messages/counts", Set.of(Role.VIEWER), this::counts),
                new Route(
                        "GET",
                        "/messages/{id}",
                        Set.of(Role.VIEWER),
                        call -> show(call, new CallerView(renderer.all(), call), Optional.empty())),
                new Route("POST", "/messages/{id}/resubmit", Set.of(Role.OPERATOR), this::resubmit),
                new Route("POST", "/messages/{id}/{act}", Set.of(Role.OPERATOR), this::act));
    }

    private Answer list(Call call) {
        CallerView.Found<ListedMessage> found = new CallerView(renderer.all(), call).listedMessages();
        Shown shown =
                new Shown(Filter.of(call), found.items(), found.complete(), next(call, found.next()), found.isReader());
        return renderer.page(call, Section.MESSAGES, "messages.jte", Map.of("shown", shown));
    }

    /** The address of the next page, with older messages of the same search. */
    private static Optional<String> next(Call call, OptionalLong next) {
        return next.isPresent()
                ? Optional.of("/messages?after=" + next.getAsLong()
                        + Filter.of(call).without("after").parameters("&"))
                : Optional.empty();
    }

    private Answer counts(Call call) throws Exception {
        Filter filter = Filter.of(call).without(Filter.FIGURES);
        String by = filter.value("by").isEmpty() ? "port,state" : filter.value("by");
        Map<String, List<String>> query = new LinkedHashMap<>(filter.fields());
        query.put("by", List.of(by));
        JsonNode items = call.query(Filter.FIGURES).isPresent()
                ? api.get(call, List.of("messages", "counts"), query).path("items")
                : MissingNode.getInstance();
        return renderer.page(
                call,
                Section.MESSAGES,
                "Message counts",
                Optional.empty(),
                "counts.jte",
                Map.of("filter", filter, "by", List.of(by.split(",")), "items", items));
    }

    private Answer show(Call call, CallerView callerView, Optional<String> said) {
        MessageHistory story = callerView.story();
        MessageView message = story.message().message();
        Optional<Waiting> wait = Waiting.of(message, callerView::portIfKnown);
        return renderer.page(
                call,
                Section.MESSAGES,
                "Message " + message.id().brief(),
                said,
                "message.jte",
                Map.of("story", story, "ports", callerView.portNames(), "wait", wait));
    }

    private Answer act(Call call) throws Exception {
        Form form = Form.of(call);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("reason", form.text("reason").orElse(""));
        for (String flag : List.of("force", "reassemble")) {
            if (form.has(flag)) {
                fields.put(flag, true);
            }
        }
        JsonNode now = api.post(call, List.of("messages", call.path(ID), call.path("act")), Map.of(), fields);
        return show(
                call,
                new CallerView(renderer.all(), call),
                Optional.of("The message is " + result(call.path("act"), now.path("message")) + " now."));
    }

    private static String result(String act, JsonNode message) {
        return switch (act) {
            case "hold" -> "on hold";
            case "release" -> "not on hold";
            default -> Links.words(message.path("state").asText());
        };
    }

    /** Sends only the changed properties, since the API copies all others. */
    private Answer resubmit(Call call) throws Exception {
        Form form = Form.of(call);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("reason", form.text("reason").orElse(""));
        form.text("port").ifPresent(port -> fields.put("port", port));
        Map<String, String> properties = form.properties();
        if (!properties.isEmpty()) {
            fields.put("properties", properties);
        }
        JsonNode receipt = api.post(call, List.of("messages", call.path(ID), "resubmit"), Map.of(), fields);
        return Renderer.goTo("/messages/" + Links.encoded(receipt.path("id").asText()));
    }
}
