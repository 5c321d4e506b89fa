package io.sendport.support.text;

import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds mail addresses in a text, such as a server's reply. It finds quoted local parts and letters of any script too. */
public final class MailAddresses {

    private static final Pattern ADDRESS = Pattern.compile("(?:\"[^\"\\r\\n]*\"|[^\\s<>\"'(),:;]+)@[^\\s<>\"'(),;]+");

    private MailAddresses() {}

    /** Replaces each address in {@code text}. Also replaces text that only looks like an address. */
    public static String replaced(String text, UnaryOperator<String> by) {
        return ADDRESS.matcher(text).replaceAll(match -> Matcher.quoteReplacement(by.apply(match.group())));
    }
}
