package io.sendport.console.pages;

import com.fasterxml.jackson.databind.JsonNode;
import io.sendport.config.read.ConfigurationException;
import io.sendport.console.access.Role;
import io.sendport.console.api.CallerView;
import io.sendport.console.api.InProcessApi;
import io.sendport.console.http.Answer;
import io.sendport.console.http.Call;
import io.sendport.console.http.Route;
import io.sendport.host.operate.PortView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The port pages: a list of all ports, and one page for each port. */
final class PortPages {

    private static final int NEWEST = 10;

    private final Renderer renderer;
    private final InProcessApi api;

    PortPages(Renderer renderer, InProcessApi api) {
        this.renderer = renderer;
        this.api = api;
    }

    List<Route> routes() {
        return List.of(
                new Route("GET", "/ports", Set.of(Role.VIEWER), call -> list(call, Optional.empty())),
                new Route(
                        "GET",
                        "/ports/{name}",
                        Set.of(Role.VIEWER),
                        call -> show(call, call.path("name"), Optional.empty())),
                new Route("POST", "/ports/{name}/{act}", Set.of(Role.OPERATOR), this::act),
                new Route("POST", "/hosts/{name}/{act}", Set.of(Role.OPERATOR), this::actOnHost));
    }

    private Answer list(Call call, Optional<String> said) {
        return renderer.page(call, Section.PORTS, Section.PORTS.title(), said, "ports.jte", model(call));
    }

    private Map<String, Object> model(Call call) {
        List<PortView> ports = new CallerView(renderer.all(), call).ports();
        return Map.of(
                "ports",
                ports,
                "hosts",
                ports.stream().map(PortView::host).distinct().toList());
    }

    private Answer show(Call call, String name, Optional<String> said) throws Exception {
        CallerView callerView = new CallerView(renderer.all(), call);
        PortView port = callerView.port(name);
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("port", port);
        model.put(
                "conditions",
                callerView.status().conditions().stream()
                        .filter(each -> each.messages()
                                .filter(messages -> messages.ports().contains(name))
                                .isPresent())
                        .toList());
        model.put("newest", callerView.newest(name, NEWEST));
        model.put("wait", Waiting.of(port));
        boolean mayConfigure =
                call.caller().reach(Role.ADMIN, renderer.all().routing()).isEverywhere();
        model.put("mayConfigure", mayConfigure);
        model.put("settings", mayConfigure ? settings(call, name) : List.of());
        return renderer.page(call, Section.PORTS, "Port " + name, said, "port.jte", model);
    }

    /** The settings of a port in the files; empty when they do not contain it. */
    private List<String> settings(Call call, String name) throws Exception {
        List<String> settings = new ArrayList<>();
        try {
            for (JsonNode each :
                    api.get(call, List.of("configuration"), Map.of()).path("ports")) {
                if (each.path("name").asText().equals(name)) {
                    each.path("settings").forEach(line -> settings.add(line.asText()));
                }
            }
        } catch (ConfigurationException e) {
            settings.add("The configuration in the files has errors. The page Configuration lists them.");
        }
        return settings;
    }

    private Answer actOnHost(Call call) throws Exception {
        String name = call.path("name");
        JsonNode changes = api.post(
                call,
                List.of("hosts", name, call.path("act")),
                Map.of(),
                Map.of("reason", Form.of(call).text("reason").orElse("")));
        List<String> said = new ArrayList<>();
        changes.path("items")
                .forEach(each -> said.add(
                        each.path("port").asText() + " is " + each.path("after").asText()
                                + (each.path("outcome").asText().equalsIgnoreCase("refused")
                                        ? " (not changed: its state does not allow this)"
                                        : "")));
        return list(call, Optional.of("Host " + name + ": " + String.join(", ", said) + "."));
    }

    private Answer act(Call call) throws Exception {
        String name = call.path("name");
        Form form = Form.of(call);
        JsonNode change = api.post(
                call,
                List.of("ports", name, call.path("act")),
                Map.of(),
                Map.of("reason", form.text("reason").orElse("")));
        Optional<String> said = Optional.of("Port " + name + " is "
                + change.path("after").asText(change.path("outcome").asText()) + " now.");
        return form.has("one") ? show(call, name, said) : list(call, said);
    }
}
