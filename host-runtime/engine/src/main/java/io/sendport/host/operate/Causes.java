package io.sendport.host.operate;

import java.util.regex.Pattern;

/**
 * Groups errors of messages by their cause, for people: two errors that differ only in addresses, identifiers, times and long numbers have the
 * same one. Nothing is decided by it.
 */
final class Causes {

    /** In this order: an address may hold what looks like an identifier. */
    private static final Pattern OWN = Pattern.compile(
            "\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z?" // times
                    + "|\\S*@\\S*[\\w>]\\)?" // addresses and Message-IDs
                    + "|(?=[\\w-]*\\d)[0-9A-Za-z][\\w-]{7,}" // identifiers and queue ids
                    + "|\\(?and \\d+ more\\)?"
                    + "|\\b\\d{4,}\\b");

    private static final Pattern SEVERAL = Pattern.compile("\\*(?:[,;] ?\\*| \\*)+");

    private Causes() {}

    /** What errors of the same cause have in common. */
    static String of(String error) {
        return SEVERAL.matcher(OWN.matcher(error).replaceAll("*")).replaceAll("*");
    }
}
