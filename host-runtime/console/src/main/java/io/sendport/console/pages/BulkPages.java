package io.sendport.console.pages;

import com.fasterxml.jackson.databind.JsonNode;
import io.sendport.console.access.Role;
import io.sendport.console.api.CallerView;
import io.sendport.console.api.InProcessApi;
import io.sendport.console.http.Answer;
import io.sendport.console.http.Call;
import io.sendport.console.http.Route;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The pages for acts on all messages of a search: preview, confirmation and progress. */
final class BulkPages {

    private static final List<String> ACTS = List.of("messages", "acts");
    private static final String ID = "id";

    private final Renderer renderer;
    private final InProcessApi api;

    BulkPages(Renderer renderer, InProcessApi api) {
        this.renderer = renderer;
        this.api = api;
    }

    List<Route> routes() {
        return List.of(
                new Route("GET", "/acts", Set.of(Role.OPERATOR), this::list),
                new Route("POST", "/acts", Set.of(Role.OPERATOR), this::count),
                new Route("GET", "/acts/{id}", Set.of(Role.OPERATOR), call -> show(call, Optional.empty())),
                new Route("POST", "/acts/{id}/run", Set.of(Role.OPERATOR), this::run),
                new Route("POST", "/acts/{id}/stop", Set.of(Role.OPERATOR), this::stop));
    }

    private static List<String> of(Call call, String... more) {
        List<String> path = new ArrayList<>(ACTS);
        path.add(call.path(ID));
        path.addAll(List.of(more));
        return path;
    }

    private Answer list(Call call) throws Exception {
        return renderer.page(
                call,
                Section.ACTS,
                "acts.jte",
                Map.of("items", api.get(call, ACTS, Map.of()).path("items")));
    }

    /** Counts the messages and shows a sample. Nothing is done before the operator confirms. */
    private Answer count(Call call) throws Exception {
        Form form = Form.of(call);
        Map<String, List<String>> query = new LinkedHashMap<>(form.query(CallerView.MESSAGE_FILTERS));
        form.text("act").ifPresent(act -> query.put("act", List.of(act)));
        Map<String, String> fields = Map.of("reason", form.text("reason").orElse(""));
        return page(call, api.post(call, ACTS, query, fields), Optional.empty());
    }

    private Answer show(Call call, Optional<String> said) throws Exception {
        return page(call, api.get(call, of(call), Map.of()), said);
    }

    private Answer page(Call call, JsonNode act, Optional<String> said) {
        return renderer.page(
                call,
                Section.ACTS,
                "Act: " + act.path("act").asText() + " "
                        + Links.messages(act.path("count").asLong()),
                said,
                "act.jte",
                Map.of("act", act));
    }

    private Answer run(Call call) throws Exception {
        api.post(
                call,
                of(call, "run"),
                Map.of(),
                Map.of("confirm", Form.of(call).text("confirm").orElse("")));
        return Renderer.goTo("/acts/" + Links.encoded(call.path(ID)));
    }

    private Answer stop(Call call) throws Exception {
        api.delete(call, of(call));
        return show(call, Optional.of("The act was stopped. Messages that it had already processed stay changed."));
    }
}
