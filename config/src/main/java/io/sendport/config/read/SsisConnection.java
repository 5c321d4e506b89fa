package io.sendport.config.read;

import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Setting;
import io.sendport.api.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Translates the connection string of an SSIS SMTP connection manager, {@code
 * SmtpServer=..;UseWindowsAuthentication=..;EnableSsl=..;Timeout=..;}. Windows authentication becomes NTLM with the host's identity; SSL
 * becomes STARTTLS on port 25, as in System.Net.Mail. A text without {@code =} is the name of the server. Attributes override the
 * connection string.
 */
final class SsisConnection {

    private static final String ATTRIBUTE = "connectionString";
    private static final String NTLM = "ntlm";
    private static final String CONSENT = "allowClearText";
    private static final List<String> KEYS = List.of("smtpserver", "usewindowsauthentication", "enablessl", "timeout");

    /** A server and its port; SSIS has no key for the port. */
    private static final Pattern NUMBERED = Pattern.compile("([^:]+):(\\d{1,5})");

    private SsisConnection() {}

    private static Map<String, String> pairs(String text) {
        Map<String, String> pairs = new TreeMap<>();
        for (String pair : text.split(";")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                pairs.put(
                        pair.substring(0, equals).strip().toLowerCase(Locale.ROOT),
                        unquoted(pair.substring(equals + 1).strip()));
            } else if (!pair.isBlank() && !text.contains("=")) {
                pairs.put("smtpserver", pair.strip());
            } else if (!pair.isBlank()) {
                pairs.put(pair.strip().toLowerCase(Locale.ROOT), "");
            }
        }
        return pairs;
    }

    /** Removes quotes, as in .NET's connection strings. */
    private static String unquoted(String value) {
        boolean quoted = value.length() > 1
                && (value.charAt(0) == '"' || value.charAt(0) == '\'')
                && value.charAt(0) == value.charAt(value.length() - 1);
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    /** Checks the connection string and replaces it by the settings that it means. */
    static Settings resolved(Settings connection, List<Problem> problems) {
        problems.addAll(check(connection));
        return translated(connection).without(Set.of(ATTRIBUTE));
    }

    /** These settings with the meaning of the connection string filled in. */
    static Settings translated(Settings settings) {
        String text = settings.text(ATTRIBUTE, "");
        if (text.isEmpty()) {
            return settings;
        }
        Map<String, String> pairs = pairs(text);
        Map<String, String> translated = new LinkedHashMap<>();
        String server = pairs.getOrDefault("smtpserver", "");
        Matcher numbered = NUMBERED.matcher(server);
        boolean hasPort = numbered.matches();
        if (!server.isEmpty()) {
            translated.put("host", hasPort ? numbered.group(1) : server);
        }
        boolean ssl = isTrue(pairs.get("enablessl"));
        translated.put("tls", ssl ? "required" : "none");
        translated.put("port", hasPort ? numbered.group(2) : "25");
        if (isTrue(pairs.get("usewindowsauthentication"))) {
            translated.put("auth", NTLM);
            if (!ssl && settings.text("auth", NTLM).equals(NTLM)) {
                // SSIS allows this; the adapter warns about it.
                translated.put(CONSENT, "true");
            }
        }
        String timeout = pairs.getOrDefault("timeout", "");
        if (timeout.matches("\\d{1,9}") && !timeout.equals("0")) {
            String duration = Duration.ofMillis(Long.parseLong(timeout)).toString();
            translated.put("connectTimeout", duration);
            translated.put("readTimeout", duration);
        }
        Map<String, Setting> base = new LinkedHashMap<>();
        translated.forEach((name, value) -> base.put(name, Setting.plain(value, settings.originOf(ATTRIBUTE))));
        return settings.over(new Settings(settings.element(), settings.origin(), base, List.of(), ""));
    }

    /**
     * {@code base} without the consent to an unencrypted connection that came from a connection string, when {@code own} would send a
     * password over it. The string consents to NTLM only, which does not reveal the password.
     */
    static Settings withoutConsent(Settings own, Settings base) {
        boolean isOfString =
                base.has(CONSENT) && base.has("auth") && base.originOf(CONSENT).equals(base.originOf("auth"));
        return isOfString && !own.text("auth", NTLM).equals(NTLM) ? base.without(Set.of(CONSENT)) : base;
    }

    private static boolean isTrue(@org.jspecify.annotations.Nullable String word) {
        return "true".equalsIgnoreCase(word);
    }

    static List<Problem> check(Settings settings) {
        List<Problem> problems = new ArrayList<>();
        String text = settings.text(ATTRIBUTE, "");
        if (text.isEmpty()) {
            return problems;
        }
        Map<String, String> pairs = pairs(text);
        for (Map.Entry<String, String> pair : pairs.entrySet()) {
            String key = pair.getKey();
            if (key.equals("username") || key.equals("password")) {
                problems.add(settings.problem(
                        ATTRIBUTE,
                        "contains " + key + ", which SSIS itself ignores",
                        "set auth=\"basic\", user and password as attributes instead"));
            } else if (!KEYS.contains(key)) {
                problems.add(settings.problem(
                        ATTRIBUTE,
                        "contains a key that Sendport does not know; it is not shown, because it may be part of a password",
                        "keep only SmtpServer, UseWindowsAuthentication, EnableSsl and Timeout"));
            } else if ((key.startsWith("use") || key.startsWith("enable"))
                    && !pair.getValue().matches("(?i)true|false")) {
                problems.add(settings.problem(ATTRIBUTE, key + " is neither True nor False", ""));
            } else if (key.equals("timeout") && !pair.getValue().matches("\\d{1,9}")) {
                problems.add(settings.problem(ATTRIBUTE, "timeout is not a number of milliseconds", ""));
            }
        }
        if (pairs.getOrDefault("smtpserver", "").isEmpty() && !settings.has("host")) {
            problems.add(settings.problem(ATTRIBUTE, "has no SmtpServer", "expected SmtpServer=name;"));
        }
        return problems;
    }
}
