package io.sendport.console.pages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.sendport.console.access.Role;
import io.sendport.console.api.CallerView;
import io.sendport.console.api.InProcessApi;
import io.sendport.console.http.Answer;
import io.sendport.console.http.Call;
import io.sendport.console.http.ProblemException;
import io.sendport.console.http.Route;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The pages for checking ports: the doctor and the test message. */
final class ToolPages {

    private static final int PATIENCE_SECONDS = 20;

    private final Renderer renderer;
    private final InProcessApi api;

    ToolPages(Renderer renderer, InProcessApi api) {
        this.renderer = renderer;
        this.api = api;
    }

    List<Route> routes() {
        return List.of(
                new Route(
                        "GET",
                        "/doctor",
                        Set.of(Role.OPERATOR),
                        call -> doctor(call, call.query("port").orElse(""), List.of())),
                new Route("POST", "/doctor", Set.of(Role.OPERATOR), this::check),
                new Route(
                        "GET",
                        "/test",
                        Set.of(Role.OPERATOR),
                        call -> test(call, call.query("port").orElse(""), "", MissingNode.getInstance())),
                new Route("POST", "/test", Set.of(Role.OPERATOR), this::send));
    }

    private Answer doctor(Call call, String port, List<JsonNode> findings) {
        return renderer.page(
                call,
                Section.DOCTOR,
                "doctor.jte",
                Map.of("port", port, "ports", new CallerView(renderer.all(), call).portNames(), "findings", findings));
    }

    private Answer check(Call call) throws Exception {
        String port = Form.of(call).text("port").orElse("");
        return doctor(
                call,
                port,
                api.lines(call, List.of("doctor"), port.isEmpty() ? Map.of() : Map.of("port", List.of(port))));
    }

    private Answer test(Call call, String port, String to, JsonNode sent) {
        return renderer.page(
                call,
                Section.TEST,
                "test.jte",
                Map.of(
                        "port",
                        port,
                        "to",
                        to,
                        "ports",
                        renderer.all().routing().ports().keySet().stream()
                                .filter(call.caller()
                                        .reach(Role.OPERATOR, renderer.all().routing())::covers)
                                .sorted()
                                .toList(),
                        "sent",
                        sent));
    }

    /** Sends to one address only; the configured recipients of the port get nothing. */
    private Answer send(Call call) throws Exception {
        Form form = Form.of(call);
        Map<String, List<String>> query = new LinkedHashMap<>();
        form.text("port").ifPresent(port -> query.put("port", List.of(port)));
        query.put(
                "redirectTo",
                List.of(form.text("to")
                        .orElseThrow(() -> ProblemException.invalid("the address is missing; fill in To"))));
        // A dynamic port needs an address; the mail goes to the same one.
        form.text("port")
                .map(port -> renderer.all().routing().ports().get(port))
                .filter(port -> port.dynamic().isPresent())
                .ifPresent(port ->
                        query.put("to", List.of("mailto:" + form.text("to").orElse(""))));
        List<String> properties = form.properties().entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .toList();
        if (!properties.isEmpty()) {
            query.put("property", properties);
        }
        // Ports often name the file in the subject.
        query.put("name", List.of("test.txt"));
        query.put("wait", List.of(PATIENCE_SECONDS + "s"));
        JsonNode sent = api.post(
                        call,
                        List.of("messages"),
                        query,
                        "text/plain; charset=utf-8",
                        form.text("text").orElse("A test message.").getBytes(StandardCharsets.UTF_8))
                .path("items");
        return test(call, form.text("port").orElse(""), form.text("to").orElse(""), sent);
    }
}
