package io.sendport.component.smime.headers;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Content-Type, parsed as far as needed to find the text of a mail.
 *
 * @param name type and subtype in lower case
 * @param parameters in their order, as written
 */
record ContentType(String name, Map<String, String> parameters) {

    private static final Pattern PARAMETER =
            Pattern.compile(";\\s*([^=;\\s]+)\\s*=\\s*(\"(?:[^\"\\\\]|\\\\.)*\"|[^;\\s]*)");

    static ContentType of(String value) {
        int end = value.indexOf(';');
        Map<String, String> parameters = new LinkedHashMap<>();
        Matcher matcher = PARAMETER.matcher(value);
        while (matcher.find()) {
            parameters.put(matcher.group(1).toLowerCase(Locale.ROOT), matcher.group(2));
        }
        return new ContentType(
                (end < 0 ? value : value.substring(0, end)).strip().toLowerCase(Locale.ROOT), parameters);
    }

    /** The value of a parameter without quotes. */
    Optional<String> parameter(String parameter) {
        return Optional.ofNullable(parameters.get(parameter))
                .map(value -> value.startsWith("\"") && value.length() > 1
                        ? value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1")
                        : value);
    }

    /** This type with one parameter set. */
    ContentType with(String parameter, String value) {
        Map<String, String> more = new LinkedHashMap<>(parameters);
        more.put(parameter, "\"" + value + "\"");
        return new ContentType(name, more);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(name);
        parameters.forEach(
                (key, value) -> text.append("; ").append(key).append('=').append(value));
        return text.toString();
    }
}
