package io.sendport.host.submission;

import io.sendport.api.mail.MailAddress;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The argument of {@code MAIL} or {@code RCPT}: an address in angle brackets and parameters (RFC 5321, section 4.1.2).
 *
 * @param address the address; empty for {@code <>}
 * @param parameters the values by name in upper case; empty text for a parameter without a value
 */
record PathArgument(Optional<MailAddress> address, Map<String, String> parameters) {

    /** The limit for a path and its parameters; a path has 256 octets (RFC 5321, section 4.5.3.1.3). */
    private static final int MAX_LENGTH = 1_000;

    private static final String PATH = "[^<>\"]*+(?:\"(?:[^\"\\\\]|\\\\.)*+\"[^<>\"]*+)*+";

    /**
     * Allows a space after the colon: some clients send one, although the RFC does not allow it. A quoted local part may contain any
     * character.
     */
    private static final Pattern MAIL = Pattern.compile("(?i)FROM: ?<(" + PATH + ")>((?: .*)?)");

    private static final Pattern RCPT = Pattern.compile("(?i)TO: ?<(" + PATH + ")>((?: .*)?)");
    private static final Pattern PARAMETER = Pattern.compile("([A-Za-z0-9][A-Za-z0-9-]*)(?:=([!-<>-~]+))?");
    private static final int MAX_PARAMETERS = 20;

    /**
     * Parses the argument of {@code MAIL}.
     *
     * @throws IllegalArgumentException when it is invalid; the message says why
     */
    static PathArgument ofMail(String text) {
        return parse(MAIL, text, "FROM:<address>");
    }

    /**
     * Parses the argument of {@code RCPT}.
     *
     * @throws IllegalArgumentException when it is invalid; the message says why
     */
    static PathArgument ofRecipient(String text) {
        PathArgument argument = parse(RCPT, text, "TO:<address>");
        if (argument.address().isEmpty()) {
            throw new IllegalArgumentException("The recipient address is empty");
        }
        return argument;
    }

    private static PathArgument parse(Pattern form, String text, String expected) {
        Matcher found = form.matcher(text);
        if (text.length() > MAX_LENGTH || !found.matches()) {
            throw new IllegalArgumentException("Expected " + expected);
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String word : found.group(2).strip().split(" +", MAX_PARAMETERS)) {
            Matcher parameter = PARAMETER.matcher(word);
            if (parameter.matches()) {
                parameters.put(
                        parameter.group(1).toUpperCase(Locale.ROOT),
                        parameter.group(2) == null ? "" : parameter.group(2));
            } else if (!word.isEmpty()) {
                throw new IllegalArgumentException("Malformed parameter");
            }
        }
        String path = found.group(1);
        return new PathArgument(path.isEmpty() ? Optional.empty() : Optional.of(MailAddress.parse(path)), parameters);
    }

    /** The size that a client declares (RFC 1870), in bytes; 0 when it declares none. */
    long size() {
        return Long.parseLong(parameters.getOrDefault("SIZE", "0"));
    }

    /** A parameter of {@code MAIL} that is unknown, or has an invalid value. */
    Optional<String> unknownParameter() {
        return parameters.entrySet().stream()
                .filter(each -> !isKnown(each.getKey(), each.getValue()))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static boolean isKnown(String name, String value) {
        return switch (name) {
            case "SIZE" -> value.matches("\\d{1,18}");
            case "BODY" -> value.matches("(?i)7BIT|8BITMIME");
            case "SMTPUTF8" -> value.isEmpty();
            // The submitter that an earlier server authenticated (RFC 4954, section 5). Sendport ignores the value.
            case "AUTH" -> true;
            default -> false;
        };
    }

    /** Whether the address has non-ASCII characters, which a client must announce (RFC 6531, section 3.4). */
    boolean needsUtf8() {
        return address.filter(each -> each.toString().chars().anyMatch(c -> c > 0x7F))
                .isPresent();
    }
}
