package io.sendport.config.read;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Translates a message of the schema processor for people: what is wrong, and what was expected. */
final class SchemaMessage {

    private static final Pattern CODE = Pattern.compile("^[a-zA-Z]+[-a-zA-Z]*(\\.[0-9a-z.]+)*(\\.[a-z])?: ");
    private static final Pattern NAMESPACE = Pattern.compile("\"urn:sendport:config:1\":");
    private static final Pattern ENUMERATION = Pattern.compile(
            "Value '(.*)' is not facet-valid with respect to enumeration '\\[(.*)]'\\. It must be a value from the enumeration\\.",
            Pattern.DOTALL);
    private static final Pattern PATTERN = Pattern.compile(
            "Value '(.*)' is not facet-valid with respect to pattern '.*' for type '(.*)'\\.", Pattern.DOTALL);
    private static final Pattern BOUND = Pattern.compile(
            "Value '(.*)' is not facet-valid with respect to (min|max)Inclusive '(.*)' for type '.*'\\.",
            Pattern.DOTALL);
    private static final Pattern UNKNOWN_ELEMENT = Pattern.compile(
            "Invalid content was found starting with element '\\{?(.*?)}?'\\. (?:One of '\\{(.*)}' is expected\\.|No child element.*)",
            Pattern.DOTALL);
    private static final Pattern UNKNOWN_ATTRIBUTE =
            Pattern.compile("Attribute '(.*)' is not allowed to appear in element '(.*)'\\.", Pattern.DOTALL);
    private static final Pattern MISSING_ATTRIBUTE =
            Pattern.compile("Attribute '(.*)' must appear on element '(.*)'\\.", Pattern.DOTALL);
    private static final Pattern NOT_A_NUMBER = Pattern.compile("'(.*)' is not a valid value for 'integer'\\.");
    private static final Pattern NO_ROOT = Pattern.compile("Cannot find the declaration of element '(.*)'\\.");

    private SchemaMessage() {}

    static String plain(String message) {
        String text = NAMESPACE.matcher(CODE.matcher(message).replaceFirst("")).replaceAll("");
        Matcher m = ENUMERATION.matcher(text);
        if (m.matches()) {
            return "'" + m.group(1) + "' is not known, expected one of " + m.group(2);
        }
        m = PATTERN.matcher(text);
        if (m.matches()) {
            return "'" + m.group(1) + "' is not a valid " + m.group(2) + expectedForm(m.group(2));
        }
        m = BOUND.matcher(text);
        if (m.matches()) {
            boolean least = m.group(2).equals("min");
            return "'" + m.group(1) + "' is too " + (least ? "small" : "large") + ", expected at "
                    + (least ? "least " : "most ") + m.group(3);
        }
        m = UNKNOWN_ELEMENT.matcher(text);
        if (m.matches()) {
            return "element <" + m.group(1) + "> is not allowed here, expected "
                    + (m.group(2) == null ? "no element" : "one of " + m.group(2));
        }
        m = UNKNOWN_ATTRIBUTE.matcher(text);
        if (m.matches()) {
            return "<" + m.group(2) + "> has no attribute " + m.group(1)
                    + "; docs/configuration.md lists its attributes";
        }
        m = MISSING_ATTRIBUTE.matcher(text);
        if (m.matches()) {
            return "<" + m.group(2) + "> is missing the attribute " + m.group(1);
        }
        m = NOT_A_NUMBER.matcher(text);
        if (m.matches()) {
            return "'" + m.group(1) + "' is not a number, expected a whole number";
        }
        m = NO_ROOT.matcher(text);
        if (m.matches()) {
            return "the root element is <" + m.group(1) + ">, expected <sendport xmlns=\"urn:sendport:config:1\">";
        }
        return text;
    }

    private static String expectedForm(String type) {
        return switch (type) {
            case "duration" -> ", expected a duration such as PT30S, PT5M or P7D";
            case "size" -> ", expected a size such as 512KB, 25MB or 20GB";
            case "name" -> ", expected letters and digits, inside also space . _ -, at most 100 characters";
            case "propertyName" -> ", expected 1 to 256 letters, digits, '.', '_' or '-'";
            case "dnsName" -> ", expected an ASCII name such as example.org";
            default -> "";
        };
    }
}
