package io.sendport.host.submission;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/**
 * The credential of a client, by PLAIN (RFC 4616) or LOGIN. LOGIN has no RFC, but .NET and SSIS use it. {@link #toString} does not show the
 * password.
 *
 * @param user the name
 * @param password the secret
 */
record Credential(String user, String password) {

    private static final String USER_PROMPT = encoded("Username:");
    private static final String PASSWORD_PROMPT = encoded("Password:");

    /** Sends a challenge to the client, and returns the answer. */
    @FunctionalInterface
    interface Asker {
        String ask(String question) throws IOException;
    }

    /** Asks the client for its credential; empty when the client cancels, or uses another mechanism. */
    static Optional<Credential> ask(String argument, Asker asker) throws IOException {
        String[] words = argument.split(" +", 3);
        Optional<String> initial = words.length > 1 ? decoded(words[1]) : Optional.empty();
        if (words.length > 2 || (words.length > 1 && initial.isEmpty())) {
            return Optional.empty();
        }
        switch (words[0].toUpperCase(Locale.ROOT)) {
            case "PLAIN" -> {
                return (initial.isPresent() ? initial : decoded(asker.ask(""))).flatMap(Credential::plain);
            }
            case "LOGIN" -> {
                Optional<String> user = initial.isPresent() ? initial : decoded(asker.ask(USER_PROMPT));
                if (user.isEmpty()) {
                    return Optional.empty();
                }
                return decoded(asker.ask(PASSWORD_PROMPT)).map(password -> new Credential(user.get(), password));
            }
            default -> {
                return Optional.empty();
            }
        }
    }

    /** Parses the identity to act as, the user and the password, separated by NUL. Acting as another user is refused. */
    private static Optional<Credential> plain(String text) {
        String[] fields = text.split("\0", -1);
        boolean isOwn = fields.length == 3 && (fields[0].isEmpty() || fields[0].equals(fields[1]));
        return isOwn ? Optional.of(new Credential(fields[1], fields[2])) : Optional.empty();
    }

    private static Optional<String> decoded(String base64) {
        try {
            return Optional.of(new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public String toString() {
        return "Credential of " + user;
    }
}
