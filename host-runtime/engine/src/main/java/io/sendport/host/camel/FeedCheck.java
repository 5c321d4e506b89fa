package io.sendport.host.camel;

import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Problem;
import io.sendport.host.camel.HostCamelContext.FeedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.model.RouteDefinition;

/**
 * Checks the feed routes of a host and their endpoints. Loads no route and creates no endpoint, because a route file may name classes and
 * beans. For one use.
 */
final class FeedCheck {

    private final CamelContext context;
    private final EndpointCheck endpoints;
    private final Set<String> ids = new HashSet<>();
    private final List<Problem> problems = new ArrayList<>();

    FeedCheck(CamelContext context) {
        this.context = context;
        this.endpoints = new EndpointCheck(context);
    }

    /** Returns the problems of {@code files}, at the line of the endpoint or route. */
    List<Problem> problems(List<Path> files) {
        for (Path file : files) {
            try {
                for (RouteDefinition route : FeedFile.routes(file)) {
                    check(route, file);
                }
            } catch (FeedException e) {
                add(file, 1, "<routes>", String.valueOf(e.getMessage()), "expected Camel routes in XML");
            }
        }
        return List.copyOf(problems);
    }

    private void check(RouteDefinition route, Path file) {
        String id = route.getRouteId();
        if (id != null && !ids.add(id)) {
            add(
                    file,
                    route.getLineNumber(),
                    "route " + id,
                    "another route has this id",
                    "give each route an id of its own");
        }
        String where = id == null ? "<route>" : "route " + id;
        for (FeedFile.Endpoint each : FeedFile.endpoints(route)) {
            try {
                String uri = context.resolvePropertyPlaceholders(each.uri());
                Optional<String> fault = endpoints.fault(uri);
                if (fault.isEmpty() && each.isSource()) {
                    fault = FeedSource.fault(uri);
                }
                fault.ifPresent(text -> add(file, each.line(), where, text, ""));
            } catch (RuntimeException e) {
                add(file, each.line(), where, HostCamelContext.rootMessage(e), "");
            }
        }
    }

    private void add(Path file, int line, String where, String message, String advice) {
        problems.add(Problem.error(new Origin(file, Math.max(line, 1), 1), where, message, advice));
    }
}
