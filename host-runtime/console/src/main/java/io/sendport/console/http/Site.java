package io.sendport.console.http;

import java.util.List;
import java.util.function.Function;

/**
 * The routes of a server.
 *
 * @param open routes that need no authentication
 * @param routes routes for authenticated callers
 * @param problemPage renders a problem as a page for a browser
 */
public record Site(List<Route> open, List<Route> routes, Function<Problem, Answer> problemPage) {

    /** Copies the lists. */
    public Site {
        open = List.copyOf(open);
        routes = List.copyOf(routes);
    }
}
