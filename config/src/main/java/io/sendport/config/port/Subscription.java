package io.sendport.config.port;

import io.sendport.api.message.Context;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code <subscribe>}: BizTalk's filter. A message is wanted when all conditions of one group hold.
 *
 * @param groups each {@code <all>}, with every {@code <match>} in it
 */
public record Subscription(List<List<Match>> groups) {

    /** Copies the lists. */
    public Subscription {
        groups = groups.stream().map(List::copyOf).toList();
    }

    /** That of a port or group; empty where it has none. */
    public static Optional<Subscription> of(Settings subscriber, List<Problem> problems) {
        List<List<Match>> groups = new ArrayList<>();
        for (Settings all :
                subscriber.child("subscribe").map(each -> each.children("all")).orElse(List.of())) {
            List<Match> matches = all.children("match").stream()
                    .flatMap(match -> Match.of(match, problems).stream())
                    .toList();
            if (all.children("match").isEmpty()) {
                problems.add(Problem.error(
                        all.origin(),
                        "<all>",
                        "has no <match>, so it would want every message",
                        "expected one at least"));
            } else {
                groups.add(matches);
            }
        }
        subscriber
                .child("subscribe")
                .filter(each -> each.children("all").isEmpty())
                .ifPresent(each -> problems.add(
                        Problem.error(each.origin(), "<subscribe>", "has no <all>", "expected one at least")));
        return groups.isEmpty() ? Optional.empty() : Optional.of(new Subscription(groups));
    }

    /** Whether a message with these properties is wanted. */
    public boolean wants(Context context) {
        return groups.stream().anyMatch(group -> group.stream().allMatch(match -> match.holds(context)));
    }
}
