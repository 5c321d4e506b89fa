package io.sendport.component.smime.keys;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds certificates in use that expire soon. */
public final class ExpiryWatch {

    private static final Duration SOON = Duration.ofDays(30);
    private static final int MAX_NAMED = 20;

    private final List<X509Certificate> known;
    private final Optional<CertificateSource> source;
    private final Clock clock;

    public ExpiryWatch(List<X509Certificate> known, Optional<CertificateSource> source, Clock clock) {
        this.known = List.copyOf(known);
        this.source = source;
        this.clock = clock;
    }

    private List<X509Certificate> all() {
        List<X509Certificate> all = new ArrayList<>(known);
        if (source.isPresent()) {
            try {
                all.addAll(source.get().all());
            } catch (SmimeException e) {
                // The message that needs the source reports the failure.
                return all;
            }
        }
        return all;
    }

    /** A sentence for each certificate that has expired or expires within 30 days, the most urgent first. */
    public List<String> warnings() {
        Instant limit = clock.instant().plus(SOON);
        List<X509Certificate> soon = all().stream()
                .filter(each -> each.getNotAfter().toInstant().isBefore(limit))
                .distinct()
                .sorted(Comparator.comparing(X509Certificate::getNotAfter))
                .toList();
        List<String> warnings = new ArrayList<>();
        for (X509Certificate each : soon.subList(0, Math.min(MAX_NAMED, soon.size()))) {
            Instant end = each.getNotAfter().toInstant();
            warnings.add("certificate " + Certificates.describe(each)
                    + (end.isBefore(clock.instant()) ? " expired on " : " expires on ") + end);
        }
        if (soon.size() > MAX_NAMED) {
            warnings.add("and " + (soon.size() - MAX_NAMED) + " more certificates expire within 30 days");
        }
        return warnings;
    }

    /** When each certificate expires, by its subject and serial number. */
    public Map<String, Instant> expiries() {
        Map<String, Instant> expiries = new HashMap<>();
        all().forEach(each ->
                expiries.put(Certificates.describe(each), each.getNotAfter().toInstant()));
        return expiries;
    }

    /** Measures the seconds until the first of their certificates expires; negative after its expiry. */
    public static void measure(List<ExpiryWatch> watches, MeterRegistry registry, String host) {
        Gauge.builder("sendport.smime.certificate.expiry", watches, all -> all.stream()
                        .mapToDouble(ExpiryWatch::secondsLeft)
                        .filter(left -> !Double.isNaN(left))
                        .min()
                        .orElse(Double.NaN))
                .description("Seconds until the first S/MIME certificate in use expires")
                .baseUnit("seconds")
                .tag("host", host)
                .strongReference(true)
                .register(registry);
    }

    private double secondsLeft() {
        return all().stream()
                .map(each ->
                        Duration.between(clock.instant(), each.getNotAfter().toInstant()))
                .min(Comparator.naturalOrder())
                .map(left -> (double) left.toSeconds())
                .orElse(Double.NaN);
    }
}
