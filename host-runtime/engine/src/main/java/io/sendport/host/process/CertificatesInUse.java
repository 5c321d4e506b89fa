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

/** Tracks the certificates that the ports of an instance use, and reports those that expire soon. Safe for use by several threads. */
final class CertificatesInUse {

    /** A certificate that is valid for longer than this needs no action. */
    private static final Duration SOON = Duration.ofDays(30);
    /** A certificate that expires within this time is urgent. */
    private static final Duration URGENT = Duration.ofDays(7);

    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(30);

    private final Clock clock;
    private Instant checkedAt = Instant.EPOCH;
    private List<Condition> found = List.of();
    private final Map<String, List<Expiries.Source>> prepared = new ConcurrentHashMap<>();
    private final Map<String, List<Expiries.Source>> sources = new ConcurrentHashMap<>();

    CertificatesInUse(Clock clock) {
        this.clock = clock;
    }

    /** Collects the certificates of a new version of {@code port}. They count once {@link #activate} is called for the port. */
    Expiries register(String port) {
        List<Expiries.Source> own = new CopyOnWriteArrayList<>();
        prepared.put(port, own);
        return own::add;
    }

    /** Replaces the certificates of the port by those of its latest version. */
    synchronized void activate(String port) {
        List<Expiries.Source> own = prepared.remove(port);
        if (own != null) {
            sources.put(port, own);
            checkedAt = Instant.EPOCH;
        }
    }

    /** Forgets a removed port. */
    void forget(String port) {
        sources.remove(port);
    }

    /** The certificates that expire soon or have expired. Checked at most every 30 seconds, and after a port restarts. */
    synchronized List<Condition> conditions() {
        Instant now = clock.instant();
        if (Duration.between(checkedAt, now).abs().compareTo(CHECK_INTERVAL) >= 0) {
            checkedAt = now;
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
                                expiry.isBefore(now.plus(URGENT)) ? Severity.ATTENTION : Severity.INFO,
                                expiry.minus(SOON),
                                "")
                        .until(expiry)
                        .at(List.of(port)));
            }
        })));
        return all;
    }
}
