package io.sendport.config.port;

import io.sendport.api.message.Context;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code <subscribe>}: BizTalk's filter. A message matches when all conditions of at least one group are true.
 *
 * @param groups each {@code <all>}, with every {@code <match>} in it
 */
public record Subscription(List<List<Match>> groups) {

    /** Copies the lists. */
    public Subscription {
        groups = groups.stream().map(List::copyOf).toList();
    }

    /** The subscription of a port or group; empty when it has none. */
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
                        "has no <match>, so it would match every message",
                        "add a <match>, or leave this <all> out"));
            } else {
                groups.add(matches);
            }
        }
        subscriber
                .child("subscribe")
                .filter(each -> each.children("all").isEmpty())
                .ifPresent(each -> problems.add(
                        Problem.error(each.origin(), "<subscribe>", "has no <all>", "expected at least one")));
        return groups.isEmpty() ? Optional.empty() : Optional.of(new Subscription(groups));
    }

    /** Whether a message with these properties matches. */
    public boolean wants(Context context) {
        return groups.stream().anyMatch(group -> group.stream().allMatch(match -> match.holds(context)));
    }
}
