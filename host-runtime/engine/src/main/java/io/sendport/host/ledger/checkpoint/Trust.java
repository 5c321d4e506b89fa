package io.sendport.host.ledger.checkpoint;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The keys that an auditor trusts.
 *
 * @param keys the fingerprints that the auditor gave. Empty means trust on first use: for each lane, the key that signed the first
 *     statement about the lane is trusted
 */
public record Trust(Set<String> keys) {

    private static final Pattern FINGERPRINT = Pattern.compile("[0-9a-f]{64}");

    /** Trust on first use: the auditor gave no key. */
    public static final Trust FIRST_USE = new Trust(Set.of());

    /** Copies the set. */
    public Trust {
        keys = Set.copyOf(keys);
    }

    /**
     * Returns trust in the keys with these fingerprints.
     *
     * @param fingerprints SHA-256 of the public key in DER, hex, with or without colons
     * @throws IllegalArgumentException when one is not a fingerprint
     */
    public static Trust in(Collection<String> fingerprints) {
        Set<String> keys = new TreeSet<>();
        for (String each : fingerprints) {
            String plain = each.replace(":", "").toLowerCase(Locale.ROOT);
            if (!FINGERPRINT.matcher(plain).matches()) {
                throw new IllegalArgumentException(
                        "\"" + each
                                + "\" is not the fingerprint of a signing key. Give 64 hexadecimal digits, as `sendport audit verify` prints them.");
            }
            keys.add(plain);
        }
        return new Trust(keys);
    }

    boolean isFirstUse() {
        return keys.isEmpty();
    }
}
