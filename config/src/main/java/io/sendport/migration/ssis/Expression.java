package io.sendport.migration.ssis;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An expression that only concatenates texts. Every other expression is refused. */
final class Expression {

    private static final Pattern CAST =
            Pattern.compile("\\(\\s*DT_W?STR\\s*,\\s*\\d+\\s*(?:,\\s*\\d+\\s*)?\\)", Pattern.CASE_INSENSITIVE);
    private static final Pattern VARIABLE =
            Pattern.compile("@\\[\\s*(?:(\\$?\\w+)\\s*::\\s*)?([^\\]]+?)\\s*\\]|@(?:(\\w+)::)?(\\w+)");
    private static final int DEEPEST = 32;

    /** A part of an expression. */
    sealed interface Piece {}

    /** A literal text. */
    record Literal(String text) implements Piece {}

    /** A variable or parameter; the namespace defaults to {@code User}. */
    record Name(String namespace, String name) implements Piece {}

    /** The expression computes something, or is not valid. */
    static final class ComputesException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private final String text;
    private int at;

    private Expression(String text) {
        this.text = text;
    }

    static List<Piece> parse(String text) throws ComputesException {
        Expression expression = new Expression(text);
        List<Piece> pieces = expression.sum(0);
        expression.blanks();
        if (expression.at < text.length()) {
            throw new ComputesException();
        }
        return pieces;
    }

    private void blanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private boolean is(char wanted) {
        blanks();
        return at < text.length() && text.charAt(at) == wanted;
    }

    private List<Piece> sum(int depth) throws ComputesException {
        int start = at;
        List<Piece> pieces = new ArrayList<>(term(depth));
        int terms = 1;
        while (is('+')) {
            at++;
            pieces.addAll(term(depth));
            terms++;
        }
        String read = text.substring(start, at);
        if (terms > 1 && read.indexOf('"') < 0 && !CAST.matcher(read).find()) {
            // For numbers, a plus sign would be addition.
            throw new ComputesException();
        }
        return pieces;
    }

    private List<Piece> term(int depth) throws ComputesException {
        if (depth > DEEPEST) {
            throw new ComputesException();
        }
        blanks();
        Matcher cast = CAST.matcher(text).region(at, text.length());
        if (cast.lookingAt()) {
            at = cast.end();
            return term(depth + 1);
        }
        if (is('(')) {
            at++;
            List<Piece> inner = sum(depth + 1);
            if (!is(')')) {
                throw new ComputesException();
            }
            at++;
            return inner;
        }
        if (is('"')) {
            return List.of(new Literal(literal()));
        }
        Matcher variable = VARIABLE.matcher(text).region(at, text.length());
        if (variable.lookingAt()) {
            at = variable.end();
            String namespace = variable.group(1) == null ? variable.group(3) : variable.group(1);
            String name = variable.group(2) == null ? variable.group(4) : variable.group(2);
            return List.of(new Name(namespace == null ? "User" : namespace, name));
        }
        throw new ComputesException();
    }

    private String literal() throws ComputesException {
        StringBuilder literal = new StringBuilder();
        at++;
        while (at < text.length()) {
            char each = text.charAt(at);
            at++;
            if (each == '"') {
                return literal.toString();
            }
            if (each != '\\') {
                literal.append(each);
                continue;
            }
            if (at >= text.length()) {
                break;
            }
            char escaped = text.charAt(at);
            at++;
            switch (escaped) {
                case 'n' -> literal.append('\n');
                case 'r' -> literal.append('\r');
                case 't' -> literal.append('\t');
                case 'x' -> {
                    if (at + 4 >= text.length() || !text.substring(at, at + 4).matches("[0-9A-Fa-f]{4}")) {
                        throw new ComputesException();
                    }
                    literal.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
                    at += 4;
                }
                default -> literal.append(escaped);
            }
        }
        throw new ComputesException();
    }
}
