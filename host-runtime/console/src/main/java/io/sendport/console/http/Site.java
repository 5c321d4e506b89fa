package io.sendport.console.http;

import java.util.List;
import java.util.function.Function;

/**
 * What a server serves.
 *
 * @param open routes for whoever asks, known or not
 * @param routes those for whom the gate lets in
 * @param problemPage shows a problem to a person at a browser
 */
public record Site(List<Route> open, List<Route> routes, Function<Problem, Answer> problemPage) {

    /** Copies the lists. */
    public Site {
        open = List.copyOf(open);
        routes = List.copyOf(routes);
    }
}
