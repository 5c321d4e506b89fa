package io.sendport.console.access;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The cookie that holds the secret of a session. Scripts can't read it, and other sites can't have it sent. */
public final class SessionCookie {

    private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-]{43}");

    private final boolean isSecure;

    /**
     * For a server with TLS, or without.
     *
     * @param isSecure whether it has TLS; then the prefix {@code __Host-} keeps other servers of the domain from setting it
     */
    public SessionCookie(boolean isSecure) {
        this.isSecure = isSecure;
    }

    private String name() {
        return isSecure ? "__Host-sendport" : "sendport";
    }

    /** The secret in a {@code Cookie} field; empty where there is none, or more than one. */
    public Optional<String> read(Optional<String> field) {
        List<String> found = field.stream()
                .flatMap(each -> Arrays.stream(each.split(";")))
                .map(String::strip)
                .filter(each -> each.startsWith(name() + "="))
                .map(each -> each.substring(name().length() + 1))
                .toList();
        return found.size() == 1 && SECRET.matcher(found.get(0)).matches()
                ? Optional.of(found.get(0))
                : Optional.empty();
    }

    /** The field {@code Set-Cookie} that gives a browser the secret. */
    public String give(String secret) {
        return name() + "=" + secret + "; Path=/; HttpOnly; SameSite=Strict" + (isSecure ? "; Secure" : "");
    }

    /** The field {@code Set-Cookie} that takes it away. */
    public String takeAway() {
        return give("") + "; Max-Age=0";
    }
}
