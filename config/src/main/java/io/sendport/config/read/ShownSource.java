package io.sendport.config.read;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Masks the secrets in the text of a configuration file, so that people may see it. Line numbers stay the same. Works on the text, so that
 * it also shows comments, and files that are not well-formed XML.
 */
public final class ShownSource {

    /** An attribute name and its value. The closing quote, or both quotes, may be missing. */
    private static final Pattern ATTRIBUTE = Pattern.compile(
            "(?<name>[\\w.:-]+)\\s*=\\s*(?:(?<quote>[\"'])(?<quoted>.*?)(?:\\k<quote>|\\z)|(?<bare>[^\\s\"'<>]+))",
            Pattern.DOTALL);

    private static final Pattern NAME = Pattern.compile("\\bname\\s*=\\s*[\"']?([^\"'<>]*)");
    private static final Pattern USER_INFO = Pattern.compile("(//[^/\\s:@\"'<>]*):[^/\\s@\"'<>]+@");
    private static final Pattern REFERENCE = Pattern.compile("&(#\\d{1,7}|#x[0-9a-fA-F]{1,6}|lt|gt|amp|quot|apos);");

    private ShownSource() {}

    /**
     * Masks a text.
     *
     * @param xml the content of a file
     * @param masks what to show in place of values that are secret or come from outside, as in {@link Reading#masks()}
     * @param isRead whether the whole file was read without errors; otherwise every attribute {@code value} is masked, because it may be
     *     secret
     */
    public static String of(String xml, Map<String, String> masks, boolean isRead) {
        StringBuilder shown = new StringBuilder(xml.length());
        Matcher attribute = ATTRIBUTE.matcher(xml);
        int end = 0;
        while (attribute.find()) {
            String group = attribute.group("quoted") == null ? "bare" : "quoted";
            String value = attribute.group(group);
            shown.append(Reading.masked(xml.substring(end, attribute.start()), masks))
                    .append(xml, attribute.start(), attribute.start(group))
                    .append(value.isEmpty() ? value : shown(xml, attribute, value, masks, isRead))
                    .append(xml, attribute.end(group), attribute.end());
            end = attribute.end();
        }
        shown.append(Reading.masked(xml.substring(end), masks));
        return USER_INFO.matcher(shown).replaceAll("$1:" + SecretText.MASK + "@");
    }

    private static String shown(
            String xml, Matcher attribute, String value, Map<String, String> masks, boolean isRead) {
        String name = attribute.group("name");
        boolean isSecret = SecretNames.isSecret(name)
                || (name.equals("value") && (!isRead || SecretNames.isSecret(nameBeside(xml, attribute))));
        if (isSecret) {
            String masked = SecretText.shown(value);
            return masked + lines(value, masked);
        }
        String plain = unescaped(value);
        String shown = Reading.masked(plain, masks);
        return shown.equals(plain) ? value : shown + lines(value, shown);
    }

    /** The line ends that masking removed, so that later lines keep their numbers. */
    private static String lines(String value, String shown) {
        return "\n".repeat((int) (ends(value) - ends(shown)));
    }

    private static long ends(String text) {
        return text.chars().filter(each -> each == '\n').count();
    }

    /** The attribute {@code name} of the same element; empty when there is none. */
    private static String nameBeside(String xml, Matcher attribute) {
        int begin = Math.max(0, xml.lastIndexOf('<', attribute.start()));
        int close = xml.indexOf('<', attribute.end());
        Matcher name = NAME.matcher(xml.substring(begin, close < 0 ? xml.length() : close));
        return name.find() ? name.group(1) : "";
    }

    /** Resolves character references, because the masks apply to resolved values. */
    private static String unescaped(String text) {
        return REFERENCE.matcher(text).replaceAll(found -> Matcher.quoteReplacement(character(found.group(1))));
    }

    private static String character(String reference) {
        return switch (reference) {
            case "lt" -> "<";
            case "gt" -> ">";
            case "amp" -> "&";
            case "quot" -> "\"";
            case "apos" -> "'";
            default -> {
                int code = reference.charAt(1) == 'x'
                        ? Integer.parseInt(reference.substring(2), 16)
                        : Integer.parseInt(reference.substring(1));
                yield Character.isValidCodePoint(code) ? Character.toString(code) : "";
            }
        };
    }
}
