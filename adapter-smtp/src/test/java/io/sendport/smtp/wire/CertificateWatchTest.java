package io.sendport.smtp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sendport.testing.ServerKey;
import io.sendport.testing.SettableClock;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateWatchTest {

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock(Instant.now());

    private X509Certificate goodFor(int days) throws Exception {
        return ServerKey.make(folder, "dns:relay", "-0d", days).x509();
    }

    @Test
    void warnsDailyAboutAnExpiringCertificateAndUpdatesTheGauge() throws Exception {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        CertificateWatch watch = new CertificateWatch(clock, "Mail", Optional.of(registry));
        assertThat(watch.seen("good:587", goodFor(90))).isEmpty();
        X509Certificate soon = goodFor(10);
        assertThat(watch.seen("soon:587", soon)).hasValueSatisfying(warning -> assertThat(warning)
                .contains("soon:587 expires on", "renew the certificate"));
        assertThat(watch.seen("soon:587", soon)).isEmpty();
        clock.advance(Duration.ofHours(25));
        assertThat(watch.seen("soon:587", soon)).isPresent();
        assertThat(registry.get("sendport.smtp.certificate.expiry")
                        .tag("relay", "soon:587")
                        .gauge()
                        .value())
                .isBetween(8.5 * 86_400, 9.0 * 86_400);
        assertThat(watch.seen("soon:587", goodFor(365))).isEmpty();
        assertThat(registry.get("sendport.smtp.certificate.expiry")
                        .tag("relay", "soon:587")
                        .gauge()
                        .value())
                .isGreaterThan(300.0 * 86_400);
    }
}
