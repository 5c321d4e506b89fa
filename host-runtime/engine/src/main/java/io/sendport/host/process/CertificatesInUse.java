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

/** The certificates that the ports of an instance use, and those of them that expire soon. Safe for use by several threads. */
final class CertificatesInUse {

    /** A certificate that is valid for longer than this needs no action. */
    private static final Duration SOON = Duration.ofDays(30);
    /** A certificate that expires within this time is urgent. */
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

    /** For the certificates that {@code port} will use once it is active. */
    Expiries of(String port) {
        List<Expiries.Source> own = new CopyOnWriteArrayList<>();
        made.put(port, own);
        return own::add;
    }

    /** Makes the certificates of the port's latest version current; earlier ones no longer count. */
    synchronized void use(String port) {
        List<Expiries.Source> own = made.remove(port);
        if (own != null) {
            sources.put(port, own);
            lookedAt = Instant.EPOCH;
        }
    }

    /** Forgets a removed port. */
    void forget(String port) {
        sources.remove(port);
    }

    /** The certificates that expire soon or have expired, as last checked: every 30 seconds, and after a port restarts. */
    synchronized List<Condition> conditions() {
        Instant now = clock.instant();
        if (Duration.between(lookedAt, now).abs().compareTo(LOOK) >= 0) {
            lookedAt = now;
            found = examine(now);
        }
        return found;
    }

    private List<Condition> examine(Instant now) {
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
