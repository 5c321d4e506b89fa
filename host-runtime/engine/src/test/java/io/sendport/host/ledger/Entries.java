package io.sendport.host.ledger;

import java.util.Map;

/** Looks into entries that no ledger has taken yet. */
public final class Entries {

    private Entries() {}

    /** The private part. */
    public static Map<String, Object> details(Entry entry) {
        return Map.copyOf(entry.details());
    }
}
