package io.sendport.host.operate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A key that encrypts bodies, and what lies under it.
 *
 * @param key its id; empty for what lies in clear text
 * @param role what it is for
 * @param bodies how many bodies and sealed mails lie under it
 */
public record BodyKeyUse(String key, Role role, long bodies) {

    /** What a key is for. */
    public enum Role {
        /** It encrypts what comes. */
        WRITES,
        /** It only decrypts. */
        READS,
        /** Bodies lie under it, and the file does not have it. */
        MISSING,
        /** There is none: clear text. */
        NONE
    }

    static List<BodyKeyUse> of(List<String> ids, Map<String, Long> bodies) {
        List<BodyKeyUse> uses = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            uses.add(new BodyKeyUse(
                    ids.get(i), i == ids.size() - 1 ? Role.WRITES : Role.READS, bodies.getOrDefault(ids.get(i), 0L)));
        }
        bodies.forEach((key, count) -> {
            if (!ids.contains(key)) {
                uses.add(new BodyKeyUse(key, key.isEmpty() ? Role.NONE : Role.MISSING, count));
            }
        });
        return uses;
    }
}
