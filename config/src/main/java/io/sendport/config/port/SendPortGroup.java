package io.sendport.config.port;

import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * {@code <sendPortGroup>}: each member gets its own copy, independent of the others.
 *
 * @param name its name
 * @param members names of ports
 * @param subscription which messages it subscribes to
 */
public record SendPortGroup(String name, List<String> members, Optional<Subscription> subscription) {

    /** Copies the list. */
    public SendPortGroup {
        members = List.copyOf(members);
    }

    public static SendPortGroup of(Settings group, Collection<String> ports, List<Problem> problems) {
        for (Settings member : group.children("member")) {
            if (!ports.contains(member.text("port", ""))) {
                problems.add(member.problem(
                        "port", "\"" + member.text("port", "") + "\" does not exist", "expected one of " + ports));
            }
        }
        if (group.children("member").isEmpty()) {
            problems.add(Problem.error(
                    group.origin(),
                    "sendPortGroup " + group.text("name", ""),
                    "has no <member>",
                    "add <member port=\"NAME\"/>, or leave the group out"));
        }
        if (ports.contains(group.text("name", ""))) {
            problems.add(group.problem("name", "is the name of a sendPort", "use a different name"));
        }
        return new SendPortGroup(
                group.text("name", ""),
                group.children("member").stream()
                        .map(member -> member.text("port", ""))
                        .distinct()
                        .toList(),
                Subscription.of(group, problems));
    }
}
