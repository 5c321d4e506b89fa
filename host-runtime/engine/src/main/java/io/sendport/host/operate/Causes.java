package io.sendport.host.operate;

import java.util.regex.Pattern;

/**
 * Groups errors of messages by cause, for display. Two errors that differ only in addresses, identifiers, times and long numbers
 * have the same cause. No decision depends on it.
 */
final class Causes {

    /** The order matters: an address may contain text that looks like an identifier. */
    private static final Pattern OWN = Pattern.compile(
            "\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z?" // times
                    + "|\\S*@\\S*[\\w>]\\)?" // addresses and Message-IDs
                    + "|(?=[\\w-]*\\d)[0-9A-Za-z][\\w-]{7,}" // identifiers and queue ids
                    + "|\\(?and \\d+ more\\)?"
                    + "|\\b\\d{4,}\\b");

    private static final Pattern SEVERAL = Pattern.compile("\\*(?:[,;] ?\\*| \\*)+");

    private Causes() {}

    /** The common text of errors with the same cause. */
    static String of(String error) {
        return SEVERAL.matcher(OWN.matcher(error).replaceAll("*")).replaceAll("*");
    }
}
