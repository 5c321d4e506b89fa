package io.sendport.config.read;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Masks a secret, except for placeholders, which show where it comes from. */
final class SecretText {

    static final String MASK = "***";

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^{}]*)}}");
    private static final Pattern FUNCTION = Pattern.compile("\\s*(?:env|sys|file):");

    private SecretText() {}

    /** The text of a secret without the secret. A default in a placeholder is as secret as the value that it replaces. */
    static String shown(String raw) {
        if (!PLACEHOLDER.matcher(raw).replaceAll("").isBlank() || raw.isBlank()) {
            return MASK;
        }
        return PLACEHOLDER
                .matcher(raw)
                .replaceAll(found -> Matcher.quoteReplacement("{{" + withoutDefault(found.group(1)) + "}}"));
    }

    private static String withoutDefault(String placeholder) {
        Matcher function = FUNCTION.matcher(placeholder);
        int colon = placeholder.indexOf(':', function.lookingAt() ? function.end() : 0);
        return colon < 0 ? placeholder : placeholder.substring(0, colon) + ":" + MASK;
    }
}
