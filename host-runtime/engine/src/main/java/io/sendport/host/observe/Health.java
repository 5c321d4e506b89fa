package io.sendport.host.observe;

import java.util.Map;

/**
 * Whether things are well, by name; a value that is empty means well, everything else says what is wrong.
 *
 * @param live what must hold for the process to be worth keeping
 * @param ready what must hold for it to do its work
 */
public record Health(Map<String, String> live, Map<String, String> ready) {

    /** Whether nothing is wrong there. */
    public static boolean isUp(Map<String, String> checks) {
        return checks.values().stream().allMatch(String::isEmpty);
    }
}
