package io.sendport.config;

import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import java.util.List;
import java.util.Locale;

/**
 * The {@code <audit>} element of a host: what the ledger keeps of its messages.
 *
 * @param subject how subjects are kept
 * @param recipients how addresses are kept; never {@link Level#OFF}
 */
public record AuditDisclosure(Level subject, Level recipients) {

    /** How the ledger keeps a value. */
    public enum Level {
        /** Unchanged. */
        PLAIN,
        /** As a pseudonym, which can still be searched. */
        HASHED,
        /** Not at all. */
        OFF
    }

    static final AuditDisclosure PLAIN = new AuditDisclosure(Level.PLAIN, Level.PLAIN);

    /** Whether everything is kept unchanged. */
    public boolean isPlain() {
        return equals(PLAIN);
    }

    /** Whether pseudonyms are needed. */
    public boolean isHashing() {
        return subject == Level.HASHED || recipients == Level.HASHED;
    }

    public static AuditDisclosure of(Settings audit, List<Problem> problems) {
        return new AuditDisclosure(
                level(audit, "subject", List.of(Level.PLAIN, Level.HASHED, Level.OFF), problems),
                level(audit, "recipients", List.of(Level.PLAIN, Level.HASHED), problems));
    }

    private static Level level(Settings audit, String name, List<Level> allowed, List<Problem> problems) {
        String text = audit.text(name, "plain");
        for (Level each : allowed) {
            if (each.name().toLowerCase(Locale.ROOT).equals(text)) {
                return each;
            }
        }
        problems.add(audit.problem(
                name,
                "\"" + text + "\" is not known",
                "expected "
                        + String.join(
                                ", ",
                                allowed.stream()
                                        .map(each -> each.name().toLowerCase(Locale.ROOT))
                                        .toList())));
        return Level.PLAIN;
    }
}
