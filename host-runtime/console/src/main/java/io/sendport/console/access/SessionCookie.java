package io.sendport.console.access;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The cookie with the secret of a session. Scripts cannot read it, and browsers do not send it with requests from other sites. */
public final class SessionCookie {

    private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-]{43}");

    private final boolean isSecure;

    /**
     * Creates the cookie for a server with or without TLS.
     *
     * @param isSecure whether the server uses TLS; the prefix {@code __Host-} then keeps other servers of the domain from setting the cookie
     */
    public SessionCookie(boolean isSecure) {
        this.isSecure = isSecure;
    }

    private String name() {
        return isSecure ? "__Host-sendport" : "sendport";
    }

    /** The secret in a {@code Cookie} field; empty when there is none or more than one. */
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

    /** The value of {@code Set-Cookie} that gives the secret to a browser. */
    public String give(String secret) {
        return name() + "=" + secret + "; Path=/; HttpOnly; SameSite=Strict" + (isSecure ? "; Secure" : "");
    }

    /** The value of {@code Set-Cookie} that deletes the cookie. */
    public String takeAway() {
        return give("") + "; Max-Age=0";
    }
}
