package io.sendport.component.dkim;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A key record of DNS (RFC 6376 section 3.6.1).
 *
 * @param tags by name, in lower case; values without spaces
 */
record PublishedKey(Map<String, String> tags) {

    static PublishedKey parse(String record) {
        Map<String, String> tags = new LinkedHashMap<>();
        for (String tag : record.split(";")) {
            int equal = tag.indexOf('=');
            if (equal > 0) {
                tags.put(
                        tag.substring(0, equal).strip().toLowerCase(Locale.ROOT),
                        tag.substring(equal + 1).replaceAll("\\s+", ""));
            }
        }
        return new PublishedKey(tags);
    }

    /** Whether this is a key record, and not another text under this name. */
    boolean isKey() {
        return tags.containsKey("p") && tags.getOrDefault("v", "DKIM1").equals("DKIM1");
    }

    boolean isRevoked() {
        return tags.getOrDefault("p", "").isEmpty();
    }

    boolean isTest() {
        return listed("t", "").contains("y");
    }

    boolean holds(RsaKey key) {
        return tags.getOrDefault("p", "").equals(key.published());
    }

    /** Why receivers must not use the key for these signatures, although it may be the right key; empty when they may. */
    Optional<String> hindrance() {
        if (!tags.getOrDefault("k", "rsa").equals("rsa")) {
            return Optional.of("k= does not say rsa");
        }
        if (!listed("h", "sha256").contains("sha256")) {
            return Optional.of("h= does not contain sha256");
        }
        var services = listed("s", "*");
        return services.contains("*") || services.contains("email")
                ? Optional.empty()
                : Optional.of("s= does not contain email");
    }

    private java.util.List<String> listed(String tag, String otherwise) {
        return Arrays.asList(tags.getOrDefault(tag, otherwise).split(":"));
    }
}
