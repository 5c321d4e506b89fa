package io.sendport.migration.ssis;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The connection string of an SMTP connection manager: pairs with case-insensitive names. A text without pairs is the server. */
final class ConnectionText {

    /** Values that may be shown. Everything else could be a secret, whatever its name. */
    private static final List<String> KNOWN = List.of("smtpserver", "usewindowsauthentication", "enablessl", "timeout");

    private static final Pattern PAIR = Pattern.compile("\\s*([^=;]+?)\\s*=\\s*(\"[^\"]*\"|'[^']*'|[^;]*)\\s*(?:;|$)");

    private final Map<String, String> values = new LinkedHashMap<>();

    ConnectionText(String text) {
        if (text.indexOf('=') < 0) {
            values.put("smtpserver", text.strip().replaceAll(";$", ""));
            return;
        }
        Matcher pair = PAIR.matcher(text);
        while (pair.find()) {
            values.put(
                    pair.group(1).toLowerCase(Locale.ROOT),
                    pair.group(2).strip().replaceAll("^([\"'])(.*)\\1$", "$2"));
        }
    }

    /** Replaces one value. */
    void set(String name, String value) {
        values.put(name.toLowerCase(Locale.ROOT), value);
    }

    Optional<String> get(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
    }

    /** The user name, under any of the keys that people use. */
    Optional<String> user() {
        return get("username").or(() -> get("user")).or(() -> get("uid")).or(() -> get("user id"));
    }

    /** Whether there is a password, under any of the keys that people use. */
    boolean hasPassword() {
        return get("password").or(() -> get("pwd")).isPresent();
    }

    boolean flag(String name) {
        return get(name)
                .filter(value -> value.equalsIgnoreCase("true") || value.equals("1"))
                .isPresent();
    }

    /** Keys that SSIS ignores. */
    List<String> others() {
        return values.keySet().stream().filter(name -> !KNOWN.contains(name)).toList();
    }

    /** The values that cannot be secret. */
    String shown() {
        StringBuilder shown = new StringBuilder();
        values.forEach((name, value) -> {
            if (KNOWN.contains(name)) {
                shown.append(shown.length() > 0 ? ";" : "")
                        .append(name)
                        .append('=')
                        .append(value);
            }
        });
        return shown.toString();
    }
}
