package io.sendport.host.process;

import io.sendport.host.condition.Condition;
import io.sendport.host.condition.ConditionKind;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Records when a condition was first seen, for conditions without a start time of their own. Safe for use by several threads. */
final class FirstSeen {

    private final Clock clock;
    private final Map<Key, Instant> seen = new ConcurrentHashMap<>();

    FirstSeen(Clock clock) {
        this.clock = clock;
    }

    private record Key(ConditionKind kind, String subject) {}

    /** When this condition was first seen. Starts now if the condition is new since the last {@link #retain}. */
    Instant since(ConditionKind kind, String subject) {
        return seen.computeIfAbsent(new Key(kind, subject), key -> clock.instant());
    }

    /** Forgets all conditions except {@code conditions}, because the others have ended. */
    void retain(Collection<Condition> conditions) {
        seen.keySet().removeIf(key -> conditions.stream()
                .noneMatch(each ->
                        each.kind() == key.kind() && each.subject().name().equals(key.subject())));
    }
}
