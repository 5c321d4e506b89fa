package io.sendport.host.operate;

import java.util.regex.Pattern;

/**
 * Groups errors of messages by cause, for display only. Two errors that differ only in addresses, identifiers, times and long numbers have
 * the same cause.
 */
final class Causes {

    /** The parts of an error that are specific to a message. Addresses come before identifiers, because an address may contain one. */
    private static final Pattern SPECIFIC = Pattern.compile(
            "\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z?" // times
                    + "|\\S*@\\S*[\\w>]\\)?" // addresses and Message-IDs
                    + "|(?=[\\w-]*\\d)[0-9A-Za-z][\\w-]{7,}" // identifiers and queue ids
                    + "|\\(?and \\d+ more\\)?"
                    + "|\\b\\d{4,}\\b");

    private static final Pattern REPEATED = Pattern.compile("\\*(?:[,;] ?\\*| \\*)+");

    private Causes() {}

    /** Returns the text that all errors with the same cause have in common, with {@code *} for the other parts. */
    static String of(String error) {
        return REPEATED.matcher(SPECIFIC.matcher(error).replaceAll("*")).replaceAll("*");
    }
}
