package io.sendport.console.access;

import io.sendport.config.Routing;
import io.sendport.support.Wildcard;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The ports to which a right applies. Immutable.
 *
 * @param isEverywhere whether the right applies to all ports and to everything that belongs to no port
 * @param patterns port names in which {@code *} matches any text; ignored when {@code isEverywhere} is true
 */
public record PortScope(boolean isEverywhere, Set<String> patterns) {

    /** All ports. */
    public static final PortScope EVERYWHERE = new PortScope(true, Set.of());

    /** No ports. */
    public static final PortScope NOWHERE = new PortScope(false, Set.of());

    /** Copies the set. */
    public PortScope {
        patterns = Set.copyOf(patterns);
    }

    /** The ports at which {@code grants} include {@code role}. */
    static PortScope of(List<Grant> grants, Role role, Routing routing) {
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
                        .filter(port -> matches(application.pattern(), port.application()))
                        .forEach(port -> patterns.add(port.name()));
            }
        }
        return new PortScope(false, patterns);
    }

    /** Whether it covers no port. */
    public boolean isNowhere() {
        return !isEverywhere && patterns.isEmpty();
    }

    /** Whether it covers the port with this name. */
    public boolean covers(String port) {
        return isEverywhere || patterns.stream().anyMatch(each -> matches(each, port));
    }

    private static boolean matches(String pattern, String name) {
        return Wildcard.pattern(pattern).matcher(name).matches();
    }
}
