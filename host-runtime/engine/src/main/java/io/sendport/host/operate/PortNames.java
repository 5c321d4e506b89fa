package io.sendport.host.operate;

import io.sendport.config.Routing;
import io.sendport.support.Wildcard;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** Resolves the names of ports and groups that operators enter. {@code *} matches any text. */
final class PortNames {

    private PortNames() {}

    /** Returns the ports that {@code name} matches, by their names or as members of a group; empty when it matches none. */
    static Set<String> matching(Routing routing, String name) {
        Pattern pattern = Wildcard.pattern(name);
        Set<String> matches = new LinkedHashSet<>();
        routing.ports().keySet().stream()
                .filter(port -> pattern.matcher(port).matches())
                .forEach(matches::add);
        routing.groups().forEach((group, members) -> {
            if (pattern.matcher(group).matches()) {
                matches.addAll(members.members());
            }
        });
        return matches;
    }

    /** Returns the exception for a name that matches nothing. */
    static RefusedException unknown(Routing routing, String name) {
        return RefusedException.notFound("unknown port or group \"" + name + "\"; expected one of "
                + routing.ports().keySet()
                + (routing.groups().isEmpty() ? "" : " or " + routing.groups().keySet()));
    }
}
