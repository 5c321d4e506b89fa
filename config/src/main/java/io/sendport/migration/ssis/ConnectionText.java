package io.sendport.migration.ssis;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The connection string of an SMTP connection manager: pairs whatever their capitals are; a text without any is the server. */
final class ConnectionText {

    private final Map<String, String> values = new LinkedHashMap<>();

    ConnectionText(String text) {
        if (text.indexOf('=') < 0) {
            values.put("smtpserver", text.strip().replaceAll(";$", ""));
            return;
        }
        for (String pair : text.split(";", -1)) {
            int equal = pair.indexOf('=');
            if (equal > 0) {
                values.put(
                        pair.substring(0, equal).strip().toLowerCase(Locale.ROOT),
                        pair.substring(equal + 1).strip());
            }
        }
    }

    Optional<String> get(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
    }

    boolean flag(String name) {
        return get(name)
                .filter(value -> value.equalsIgnoreCase("true") || value.equals("1"))
                .isPresent();
    }

    /** The server, its user name and password left out. */
    String shown() {
        StringBuilder shown = new StringBuilder();
        values.forEach((name, value) -> {
            if (!name.equals("username") && !name.equals("password")) {
                shown.append(shown.length() > 0 ? ";" : "")
                        .append(name)
                        .append('=')
                        .append(value);
            }
        });
        return shown.toString();
    }
}
