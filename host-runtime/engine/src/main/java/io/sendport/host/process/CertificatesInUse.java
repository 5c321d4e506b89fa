package io.sendport.host.process;

import io.sendport.api.host.Expiries;
import io.sendport.host.condition.Condition;
import io.sendport.host.condition.ConditionKind;
import io.sendport.host.condition.Severity;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The certificates that the ports of an instance use, and which of them expire soon. Safe for use by several threads. */
final class CertificatesInUse {

    /** Before that nobody needs to act. */
    private static final Duration SOON = Duration.ofDays(30);
    /** From then on it presses. */
    private static final Duration PRESSING = Duration.ofDays(7);

    private static final Duration LOOK = Duration.ofSeconds(30);

    private final Clock clock;
    private Instant lookedAt = Instant.EPOCH;
    private List<Condition> found = List.of();
    private final Map<String, List<Expiries.Source>> made = new ConcurrentHashMap<>();
    private final Map<String, List<Expiries.Source>> sources = new ConcurrentHashMap<>();

    CertificatesInUse(Clock clock) {
        this.clock = clock;
    }

    /** For what {@code port} will use once it is in force. */
    Expiries of(String port) {
        List<Expiries.Source> own = new CopyOnWriteArrayList<>();
        made.put(port, own);
        return own::add;
    }

    /** The port as it was last made is in force; what it used before counts no more. */
    synchronized void use(String port) {
        List<Expiries.Source> own = made.remove(port);
        if (own != null) {
            sources.put(port, own);
            lookedAt = Instant.EPOCH;
        }
    }

    /** The port is taken away. */
    void forget(String port) {
        sources.remove(port);
    }

    /** Those that expire soon or have expired, as last checked: every 30 seconds, and after a port restarts. */
    synchronized List<Condition> conditions() {
        Instant now = clock.instant();
        if (Duration.between(lookedAt, now).abs().compareTo(LOOK) >= 0) {
            lookedAt = now;
            found = look(now);
        }
        return found;
    }

    private List<Condition> look(Instant now) {
        List<Condition> all = new ArrayList<>();
        sources.forEach((port, own) -> own.forEach(source -> source.expiries().forEach((name, expiry) -> {
            if (expiry.isBefore(now.plus(SOON))) {
                all.add(Condition.of(
                                expiry.isBefore(now)
                                        ? ConditionKind.CERTIFICATE_EXPIRED
                                        : ConditionKind.CERTIFICATE_EXPIRING,
                                name,
                                expiry.isBefore(now.plus(PRESSING)) ? Severity.ATTENTION : Severity.INFO,
                                expiry.minus(SOON),
                                "")
                        .until(expiry)
                        .at(List.of(port)));
            }
        })));
        return all;
    }
}
