package io.sendport.smtp.wire;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches the certificates of relays: the expiry of each as a metric, and a daily warning from 21 days before it. Thread-safe. */
public final class CertificateWatch {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);
    private static final Duration SOON = Duration.ofDays(21);
    private static final Duration SILENCE = Duration.ofDays(1);

    private final Clock clock;
    private final String host;
    private final Optional<MeterRegistry> registry;
    private final Map<String, Instant> expiries = new ConcurrentHashMap<>();
    private final Map<String, Instant> warnedAt = new ConcurrentHashMap<>();

    public CertificateWatch(Clock clock, String host, Optional<MeterRegistry> registry) {
        this.clock = clock;
        this.host = host;
        this.registry = registry;
    }

    /** The expiry of the certificate that {@code relay} last presented; empty when none was seen. */
    public Map<String, Instant> expiries(String relay) {
        Instant expiry = expiries.get(relay);
        return expiry == null ? Map.of() : Map.of("of relay " + relay, expiry);
    }

    /** Records the certificate that {@code relay} has just presented. Returns a warning when one is due. */
    Optional<String> seen(String relay, X509Certificate certificate) {
        Instant expiry = certificate.getNotAfter().toInstant();
        if (expiries.put(relay, expiry) == null) {
            registry.ifPresent(each -> measure(relay, each));
        }
        Instant now = clock.instant();
        Instant last = warnedAt.getOrDefault(relay, Instant.MIN);
        if (now.plus(SOON).isBefore(expiry) || last.isAfter(now.minus(SILENCE))) {
            return Optional.empty();
        }
        warnedAt.put(relay, now);
        String warning = "the certificate of " + relay + " expires on " + expiry + ", in "
                + Duration.between(now, expiry).toDays()
                + " days; after that nothing can be sent to it: ask its administrator to renew the certificate";
        LOG.warn(warning);
        return Optional.of(warning);
    }

    private void measure(String relay, MeterRegistry meters) {
        Gauge.builder("sendport.smtp.certificate.expiry", this, watch -> watch.secondsLeft(relay))
                .description("Seconds until the certificate that the relay last showed expires")
                .baseUnit("seconds")
                .tag("host", host)
                .tag("relay", relay)
                .strongReference(true)
                .register(meters);
    }

    private double secondsLeft(String relay) {
        Instant expiry = expiries.get(relay);
        return expiry == null
                ? Double.NaN
                : Duration.between(clock.instant(), expiry).toSeconds();
    }
}
