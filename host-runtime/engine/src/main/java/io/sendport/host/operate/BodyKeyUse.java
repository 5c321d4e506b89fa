package io.sendport.host.operate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The use of a key that encrypts bodies.
 *
 * @param key the id of the key; empty for clear text
 * @param role the purpose of the key
 * @param bodies the number of bodies and sealed mails that use the key
 */
public record BodyKeyUse(String key, Role role, long bodies) {

    /** The purpose of a key. */
    public enum Role {
        /** The key encrypts new bodies. */
        WRITES,
        /** The key only decrypts. */
        READS,
        /** Bodies use the key, but the key file does not contain it. */
        MISSING,
        /** Bodies in clear text, without a key. */
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
