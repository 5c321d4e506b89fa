package io.sendport.host.operate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A key that encrypts bodies, and its use.
 *
 * @param key its id; empty for clear text
 * @param role its purpose
 * @param bodies how many bodies and sealed mails use it
 */
public record BodyKeyUse(String key, Role role, long bodies) {

    /** The purpose of a key. */
    public enum Role {
        /** It encrypts new bodies. */
        WRITES,
        /** It only decrypts. */
        READS,
        /** Bodies use it, but the file does not contain it. */
        MISSING,
        /** No key: clear text. */
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
