package io.sendport.support.text;

import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Mail addresses within a text, such as the reply of a server: also with a quoted local part, and with letters of any script. */
public final class MailAddresses {

    private static final Pattern ADDRESS = Pattern.compile("(?:\"[^\"\\r\\n]*\"|[^\\s<>\"'(),:;]+)@[^\\s<>\"'(),;]+");

    private MailAddresses() {}

    /** The text with each address in it replaced. What only looks like an address is replaced too. */
    public static String replaced(String text, UnaryOperator<String> by) {
        return ADDRESS.matcher(text).replaceAll(match -> Matcher.quoteReplacement(by.apply(match.group())));
    }
}
