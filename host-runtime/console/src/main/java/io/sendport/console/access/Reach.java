package io.sendport.console.access;

import io.sendport.config.Routing;
import io.sendport.support.Wildcard;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The ports at which a caller may do something. Immutable.
 *
 * @param isEverywhere whether it is all of them, and what belongs to no port
 * @param patterns names of ports, {@code *} for any text; of no meaning where it is everywhere
 */
public record Reach(boolean isEverywhere, Set<String> patterns) {

    /** Everywhere. */
    public static final Reach EVERYWHERE = new Reach(true, Set.of());

    /** Nowhere. */
    public static final Reach NOWHERE = new Reach(false, Set.of());

    /** Copies the set. */
    public Reach {
        patterns = Set.copyOf(patterns);
    }

    /** Where {@code grants} include {@code role}. */
    static Reach of(List<Grant> grants, Role role, Routing routing) {
        Set<String> patterns = new LinkedHashSet<>();
        for (Grant each : grants) {
            if (!each.role().includes(role)) {
                continue;
            }
            if (each.scope() instanceof Grant.Scope.All) {
                return EVERYWHERE;
            }
            if (each.scope() instanceof Grant.Scope.Ports ports) {
                patterns.add(ports.pattern());
            } else if (each.scope() instanceof Grant.Scope.Application application) {
                routing.ports().values().stream()
                        .filter(port -> fits(application.pattern(), port.application()))
                        .forEach(port -> patterns.add(port.name()));
            }
        }
        return new Reach(false, patterns);
    }

    /** Whether it is nowhere. */
    public boolean isNowhere() {
        return !isEverywhere && patterns.isEmpty();
    }

    /** Whether the port of that name is among them. */
    public boolean covers(String port) {
        return isEverywhere || patterns.stream().anyMatch(each -> fits(each, port));
    }

    private static boolean fits(String pattern, String name) {
        return Wildcard.pattern(pattern).matcher(name).matches();
    }
}
