package io.sendport.host.observe;

import io.sendport.host.condition.Condition;
import java.util.List;
import java.util.Map;

/**
 * The health of a process. A check has a name and a value. An empty value means healthy; any other value describes the problem.
 *
 * @param live checks whose problems require a restart of the process
 * @param ready checks whose problems prevent all work
 * @param conditions the conditions for operators; neither a restart nor another process resolves them
 */
public record Health(Map<String, String> live, Map<String, String> ready, List<Condition> conditions) {

    /** Copies the list. */
    public Health {
        conditions = List.copyOf(conditions);
    }

    /** Whether all checks are healthy. */
    public static boolean isUp(Map<String, String> checks) {
        return checks.values().stream().allMatch(String::isEmpty);
    }
}
