package io.sendport.host.observe;

import io.sendport.host.condition.Condition;
import java.util.List;
import java.util.Map;

/**
 * Three questions about a process. In the checks, by name, a value that is empty means well, everything else says what is wrong.
 *
 * @param live is it worth keeping, or to be started anew
 * @param ready can it do anything at all
 * @param conditions what operators should know of; none of it is mended by a restart, or by sending requests elsewhere
 */
public record Health(Map<String, String> live, Map<String, String> ready, List<Condition> conditions) {

    /** Copies the list. */
    public Health {
        conditions = List.copyOf(conditions);
    }

    /** Whether nothing is wrong there. */
    public static boolean isUp(Map<String, String> checks) {
        return checks.values().stream().allMatch(String::isEmpty);
    }
}
