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
 * What is served at a path.
 *
 * @param method of HTTP
 * @param path where
 * @param roles of which a caller needs one; none: anybody who shows who they are
 * @param handler serves it
 */
public record Route(String method, PathTemplate path, Set<Role> roles, Handler handler) {

    /** Serves a request of a caller who may make it. */
    @FunctionalInterface
    public interface Handler {
        /** The answer; a failure is told as {@link Problems} says. */
        Answer handle(Call call) throws Exception;
    }

    /** At {@code template}: a path with {@code {name}} for some of its segments. */
    public Route(String method, String template, Set<Role> roles, Handler handler) {
        this(method, PathTemplate.of(template), roles, handler);
    }

    /** Copies the set. */
    public Route {
        roles = Set.copyOf(roles);
    }

    /** Its path as it was written. */
    public String template() {
        return path.text();
    }

    /** Whether {@code caller} has one of the roles. */
    public boolean isOpenTo(Caller caller) {
        return roles.isEmpty() || roles.stream().anyMatch(caller::has);
    }

    /** The roles of which one is needed, in words. */
    String needs() {
        return "the role " + new TreeSet<>(roles).stream().map(Role::word).collect(Collectors.joining(" or "));
    }

    /** The refusal of a caller to whom it is not open. */
    public ProblemException refusalOf(Caller caller) {
        return new ProblemException(
                Problem.Type.FORBIDDEN, "this needs " + needs() + ", which " + caller.name() + " has not");
    }

    /** What stands for each {@code {name}} in {@code segments}; empty where the path is another one. */
    public Optional<Map<String, String>> match(List<String> segments) {
        return path.match(segments);
    }
}
