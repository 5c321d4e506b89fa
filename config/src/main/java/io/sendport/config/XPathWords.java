package io.sendport.config;

import io.sendport.support.text.Text;
import java.util.Optional;
import java.util.Set;

/**
 * Finds functions and variables in an XPath 1.0 expression (section 3.7 of its specification) that do not exist. The JDK accepts any name
 * with a prefix and fails only when it evaluates it.
 */
final class XPathWords {

    private static final Set<String> FUNCTIONS = Set.of(
            "last",
            "position",
            "count",
            "id",
            "local-name",
            "namespace-uri",
            "name",
            "string",
            "concat",
            "starts-with",
            "contains",
            "substring-before",
            "substring-after",
            "substring",
            "string-length",
            "normalize-space",
            "translate",
            "boolean",
            "not",
            "true",
            "false",
            "lang",
            "number",
            "sum",
            "floor",
            "ceiling",
            "round");

    private static final Set<String> NODE_TYPES = Set.of("comment", "text", "processing-instruction", "node");
    private static final Set<String> OPERATORS = Set.of("and", "or", "div", "mod");

    private final String xpath;
    private int at;
    /** Whether the previous word could be the left operand of an operator. */
    private boolean operand;

    private XPathWords(String xpath) {
        this.xpath = xpath;
    }

    /** The first function or variable in {@code xpath} that does not exist. Other syntax errors are left to the compiler. */
    static Optional<String> unknown(String xpath) {
        return new XPathWords(xpath).unknown();
    }

    private Optional<String> unknown() {
        while (at < xpath.length()) {
            char c = xpath.charAt(at);
            if (c == '$') {
                return Optional.of("unknown variable " + Text.printable(xpath.substring(at), 40));
            } else if (c == '"' || c == '\'') {
                int end = xpath.indexOf(c, at + 1);
                at = end < 0 ? xpath.length() : end + 1;
                operand = true;
            } else if (Character.isLetter(c) || c == '_') {
                Optional<String> fault = name();
                if (fault.isPresent()) {
                    return fault;
                }
            } else {
                at++;
                operand = Character.isWhitespace(c)
                        ? operand
                        : Character.isDigit(c) || c == '.' || c == ')' || c == ']' || (c == '*' && !operand);
            }
        }
        return Optional.empty();
    }

    private Optional<String> name() {
        int from = at;
        word();
        if (at + 1 < xpath.length() && xpath.charAt(at) == ':' && xpath.charAt(at + 1) != ':') {
            at++;
            word();
        }
        String name = xpath.substring(from, at);
        if (operand && OPERATORS.contains(name)) {
            operand = false;
            return Optional.empty();
        }
        operand = true;
        int next = at;
        while (next < xpath.length() && Character.isWhitespace(xpath.charAt(next))) {
            next++;
        }
        boolean called = next < xpath.length() && xpath.charAt(next) == '(' && !NODE_TYPES.contains(name);
        return called && !FUNCTIONS.contains(name) ? Optional.of("unknown function " + name + "()") : Optional.empty();
    }

    private void word() {
        while (at < xpath.length()
                && (Character.isLetterOrDigit(xpath.charAt(at)) || ".-_".indexOf(xpath.charAt(at)) >= 0)) {
            at++;
        }
    }
}
