package io.sendport.console.http;

import io.sendport.console.access.Caller;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * The routes of a server.
 *
 * @param open routes that need no authentication
 * @param routes routes for authenticated callers
 * @param problemPage renders a problem as a page for a browser, for a caller if one is known
 */
public record Site(List<Route> open, List<Route> routes, BiFunction<Problem, Optional<Caller>, Answer> problemPage) {

    /** Copies the lists. */
    public Site {
        open = List.copyOf(open);
        routes = List.copyOf(routes);
    }
}
