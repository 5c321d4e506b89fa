package io.sendport.console.pages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.sendport.config.read.ConfigurationException;
import io.sendport.console.access.Role;
import io.sendport.console.api.InProcessApi;
import io.sendport.console.http.Answer;
import io.sendport.console.http.Call;
import io.sendport.console.http.Route;
import io.sendport.host.operate.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The configuration pages: show the configuration, preview and run a reload, check another configuration. */
final class ConfigurationPages {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Renderer renderer;
    private final InProcessApi api;

    ConfigurationPages(Renderer renderer, InProcessApi api) {
        this.renderer = renderer;
        this.api = api;
    }

    List<Route> routes() {
        return List.of(
                new Route("GET", "/configuration", Set.of(Role.ADMIN), this::show),
                new Route("POST", "/configuration/reload", Set.of(Role.ADMIN), this::reload),
                new Route(
                        "GET", "/configuration/validation", Set.of(Role.ADMIN), call -> validation(call, "", Map.of())),
                new Route("POST", "/configuration/validation", Set.of(Role.ADMIN), this::validate));
    }

    private Answer show(Call call) throws Exception {
        return show(call, MissingNode.getInstance(), Optional.empty());
    }

    private Answer show(Call call, JsonNode answers, Optional<String> said) throws Exception {
        return renderer.page(
                call,
                Section.CONFIGURATION,
                Section.CONFIGURATION.title(),
                said,
                "configuration.jte",
                Map.of("configuration", configuration(call), "sources", sources(call), "answers", answers));
    }

    /** The files with masked secrets and with their problems; one that cannot be shown has no lines. */
    private Map<String, List<SourceLine>> sources(Call call) throws Exception {
        JsonNode source = api.get(call, List.of("configuration", "source"), Map.of());
        Map<String, List<SourceLine>> sources = new LinkedHashMap<>();
        for (JsonNode each : source.path("files")) {
            String file = each.path("file").asText();
            sources.put(file, SourceLine.of(file, each.path("text").asText(""), source.path("problems")));
        }
        return sources;
    }

    /** The configuration in the files. If it has errors, only its problems. */
    private JsonNode configuration(Call call) throws Exception {
        try {
            return api.get(call, List.of("configuration"), Map.of());
        } catch (ConfigurationException e) {
            return JSON.readTree(Json.write(Map.of(
                    "files",
                    List.of(),
                    "problems",
                    e.problems().stream().map(Json::fields).toList())));
        }
    }

    private Answer reload(Call call) throws Exception {
        Form form = Form.of(call);
        boolean dry = form.has("dryRun");
        JsonNode result = api.post(
                call,
                List.of("configuration", "reload"),
                dry ? Map.of("dryRun", List.of("true")) : Map.of(),
                Map.of("reason", form.text("reason").orElse("")));
        String said = dry
                ? "Nothing was changed. A reload would have the results below."
                : result.path("done").asBoolean()
                        ? "All instances now use the configuration in the files."
                        : "At least one instance did not apply the new configuration. The details are below.";
        return show(call, result.path("answers"), Optional.of(said));
    }

    private Answer validation(Call call, String xml, Map<String, Object> more) {
        Map<String, Object> model = new LinkedHashMap<>(more);
        model.put("xml", xml);
        model.putIfAbsent("lines", List.of());
        model.putIfAbsent("checked", false);
        return renderer.page(
                call, Section.CONFIGURATION, "Check a configuration", Optional.empty(), "validation.jte", model);
    }

    private Answer validate(Call call) throws Exception {
        String xml = Form.of(call).text("xml").orElse("");
        JsonNode result = api.post(
                call,
                List.of("configuration", "validations"),
                Map.of(),
                "application/xml",
                xml.getBytes(StandardCharsets.UTF_8));
        return validation(call, xml, Map.of("checked", true, "lines", SourceLine.of(xml, result.path("problems"))));
    }
}
