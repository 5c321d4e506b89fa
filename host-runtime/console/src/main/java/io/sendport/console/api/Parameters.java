package io.sendport.console.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sendport.console.http.Call;
import io.sendport.console.http.ProblemException;
import io.sendport.console.http.Route;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The query parameters that the description of the API gives each route. A request with any other one is refused: a misspelled
 * {@code dryRun} must not act.
 */
final class Parameters {

    private Parameters() {}

    /** Read at the first request, because a start must be quick. */
    private static final class Described {

        private static final Map<String, Set<String>> NAMES = names();

        private static Map<String, Set<String>> names() {
            JsonNode description;
            try {
                description = new ObjectMapper().readTree(Description.read());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Map<String, Set<String>> names = new HashMap<>();
            description.path("paths").properties().forEach(path -> path.getValue()
                    .properties()
                    .forEach(operation -> names.put(
                            key(operation.getKey(), path.getKey()),
                            ofQuery(operation.getValue().path("parameters")))));
            return names;
        }

        private static Set<String> ofQuery(JsonNode parameters) {
            Set<String> all = new HashSet<>();
            for (JsonNode each : parameters) {
                if (each.path("in").asText().equals("query")) {
                    all.add(each.path("name").asText());
                }
            }
            return all;
        }
    }

    private static String key(String method, String template) {
        return method.toUpperCase(Locale.ROOT) + " " + template;
    }

    /** The route, with a check of its parameters in front. */
    static Route checking(Route route) {
        String key = key(route.method(), route.template());
        return new Route(route.method(), route.path(), route.roles(), call -> {
            require(call, Described.NAMES.getOrDefault(key, Set.of()));
            return route.handler().handle(call);
        });
    }

    private static void require(Call call, Set<String> known) {
        Set<String> unknown = new TreeSet<>(call.queryNames());
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw ProblemException.invalid("unknown parameters " + unknown + "; expected "
                    + (known.isEmpty() ? "none" : "some of " + new TreeSet<>(known)));
        }
    }
}
