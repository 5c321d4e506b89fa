package io.sendport.console.http;

import io.sendport.console.access.Caller;
import io.sendport.console.access.Role;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A method and path of the API, with its handler.
 *
 * @param method the HTTP method
 * @param path the path
 * @param roles the roles of which a caller needs one; empty when every authenticated caller may use the route
 * @param handler serves the requests
 */
public record Route(String method, PathTemplate path, Set<Role> roles, Handler handler) {

    /** Serves requests of authorized callers. */
    @FunctionalInterface
    public interface Handler {
        /** Serves a request. {@link Problems} maps exceptions to responses. */
        Answer handle(Call call) throws Exception;
    }

    /** A route at {@code template}, a path in which {@code {name}} stands for a variable segment. */
    public Route(String method, String template, Set<Role> roles, Handler handler) {
        this(method, PathTemplate.of(template), roles, handler);
    }

    /** Copies the set. */
    public Route {
        roles = Set.copyOf(roles);
    }

    /** The path template as written. */
    public String template() {
        return path.text();
    }

    /** Whether {@code caller} has one of the roles. */
    public boolean isOpenTo(Caller caller) {
        return roles.isEmpty() || roles.stream().anyMatch(caller::has);
    }

    /** The roles of which a caller needs one, in words. */
    String needs() {
        return "the role " + new TreeSet<>(roles).stream().map(Role::word).collect(Collectors.joining(" or "));
    }

    /** The refusal for a caller who has none of the roles. */
    public ProblemException refusalOf(Caller caller) {
        return new ProblemException(
                Problem.Type.FORBIDDEN, caller.name() + " does not have " + needs() + ", which this request needs");
    }

    /** The value of each {@code {name}} in {@code segments}; empty when the path does not match. */
    public Optional<Map<String, String>> match(List<String> segments) {
        return path.match(segments);
    }
}
