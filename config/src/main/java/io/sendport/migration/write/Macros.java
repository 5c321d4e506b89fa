package io.sendport.migration.write;

import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Handles percent signs of a text. Macros that both products know stay; every other percent sign is doubled, because it would start a macro
 * in Sendport.
 */
public final class Macros {

    /** BizTalk's macros in a subject. */
    public static final Set<String> OF_A_SUBJECT = Set.of(
            "MessageID",
            "datetime",
            "datetime_bts2000",
            "datetime.tz",
            "time",
            "time.tz",
            "SourceFileName",
            "SourceParty",
            "SourcePartyQualifier",
            "DestinationParty",
            "DestinationPartyQualifier");
    /** The name of the file that a message came from. */
    public static final String FILE_NAME = "SourceFileName";
    /** The macros in a subject whose values come from the message. */
    public static final List<String> OF_THE_MESSAGE =
            List.of(FILE_NAME, "SourceParty", "SourcePartyQualifier", "DestinationParty", "DestinationPartyQualifier");
    /** BizTalk's macros in recipients. */
    public static final Set<String> OF_RECIPIENTS = Set.of("DestinationParty");

    private static final Pattern MACRO = Pattern.compile("%([A-Za-z0-9_.]+)%|%");

    private Macros() {}

    /** {@code text} in which only the macros {@code known} remain macros. */
    public static String keeping(String text, Set<String> known) {
        StringBuilder kept = new StringBuilder();
        Matcher matcher = MACRO.matcher(text);
        int at = 0;
        while (matcher.find(at)) {
            kept.append(text, at, matcher.start());
            boolean isMacro = matcher.group(1) != null && known.contains(matcher.group(1));
            kept.append(isMacro ? matcher.group() : "%%");
            at = isMacro ? matcher.end() : matcher.start() + 1;
        }
        return kept.append(text.substring(at)).toString();
    }

    /** {@code text} without any macro. */
    public static String none(String text) {
        return text.replace("%", "%%");
    }
}
