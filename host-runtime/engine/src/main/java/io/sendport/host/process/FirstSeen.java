package io.sendport.host.process;

import io.sendport.host.condition.Condition;
import io.sendport.host.condition.ConditionKind;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Remembers since when a condition exists, for conditions without an own start time. Safe for use by several threads. */
final class FirstSeen {

    private final Clock clock;
    private final Map<Key, Instant> seen = new ConcurrentHashMap<>();

    FirstSeen(Clock clock) {
        this.clock = clock;
    }

    private record Key(ConditionKind kind, String subject) {}

    /** When this was first seen; now if it was not present at the last {@link #keep}. */
    Instant of(ConditionKind kind, String subject) {
        return seen.computeIfAbsent(new Key(kind, subject), key -> clock.instant());
    }

    /** Forgets all conditions except these: the others have ended. */
    void keep(Collection<Condition> conditions) {
        seen.keySet().removeIf(key -> conditions.stream()
                .noneMatch(each ->
                        each.kind() == key.kind() && each.subject().name().equals(key.subject())));
    }
}
