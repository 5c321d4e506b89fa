package io.sendport.host.operate;

import io.sendport.config.Routing;
import io.sendport.support.Wildcard;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** Resolves NAME as operators enter it: a port or a group; {@code *} matches any text. */
final class PortNames {

    private PortNames() {}

    /** The ports that {@code name} matches, by their own name or as members of a group; empty when there is none. */
    static Set<String> fitting(Routing routing, String name) {
        Pattern pattern = Wildcard.pattern(name);
        Set<String> fitting = new LinkedHashSet<>();
        routing.ports().keySet().stream()
                .filter(port -> pattern.matcher(port).matches())
                .forEach(fitting::add);
        routing.groups().forEach((group, members) -> {
            if (pattern.matcher(group).matches()) {
                fitting.addAll(members.members());
            }
        });
        return fitting;
    }

    /** The refusal of a name that matches nothing. */
    static RefusedException unknown(Routing routing, String name) {
        return RefusedException.notFound("unknown port or group \"" + name + "\"; expected one of "
                + routing.ports().keySet()
                + (routing.groups().isEmpty() ? "" : " or " + routing.groups().keySet()));
    }
}
