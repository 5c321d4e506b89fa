package io.sendport.config.read;

import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Secret;
import io.sendport.api.settings.Settings;
import io.sendport.config.AuditLedgerSettings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads {@code <auditLedger>}. */
final class LedgerBuilder {

    private static final String TOKEN = "pkcs11:";
    private static final Pattern FINGERPRINT = Pattern.compile("[0-9a-f]{64}");

    private LedgerBuilder() {}

    static AuditLedgerSettings auditLedger(Settings ledger, List<Problem> problems) {
        Duration interval = Duration.ofMinutes(5);
        try {
            interval = Durations.parse(ledger.text("checkpointInterval", "PT5M"));
        } catch (RuntimeException e) {
            problems.add(ledger.problem("checkpointInterval", String.valueOf(e.getMessage()), ""));
        }
        return new AuditLedgerSettings(
                interval,
                ledger.path("checkpointFolder"),
                ledger.text("checkpointKey").map(name -> ledger.originOf("checkpointKey")
                        .folder()
                        .resolve(name.startsWith(TOKEN) ? name.substring(TOKEN.length()) : name)
                        .normalize()),
                ledger.text("checkpointKey", "").startsWith(TOKEN),
                ledger.text("checkpointKeyPassword").map(Secret::new),
                trustedKeys(ledger, problems),
                timestampServer(ledger, problems),
                ledger.path("auditorCopies"),
                ledger.path("pseudonymKey"));
    }

    private static Set<String> trustedKeys(Settings ledger, List<Problem> problems) {
        Set<String> keys = new TreeSet<>();
        for (String each : ledger.text("trustedKeys", "").strip().split("\\s+")) {
            String key = each.replace(":", "").toLowerCase(Locale.ROOT);
            if (FINGERPRINT.matcher(key).matches()) {
                keys.add(key);
            } else if (!key.isEmpty()) {
                problems.add(ledger.problem(
                        "trustedKeys",
                        "\"" + each + "\" is not the fingerprint of a key",
                        "give the 64 hexadecimal digits that sendport audit verify prints"));
            }
        }
        return keys;
    }

    private static Optional<URI> timestampServer(Settings ledger, List<Problem> problems) {
        Optional<String> text = ledger.text("timestampServer");
        try {
            Optional<URI> server = text.map(URI::create);
            if (server.filter(uri -> uri.getHost() != null
                            && String.valueOf(uri.getScheme()).matches("https?"))
                    .isPresent()) {
                return server;
            }
        } catch (IllegalArgumentException e) {
            // Reported below.
        }
        text.ifPresent(given -> problems.add(ledger.problem(
                "timestampServer",
                "\"" + given + "\" is not the address of an RFC 3161 server",
                "expected a URL such as https://tsa.example/rfc3161")));
        return Optional.empty();
    }
}
