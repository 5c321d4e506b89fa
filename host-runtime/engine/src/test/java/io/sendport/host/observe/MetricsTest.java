package io.sendport.host.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sendport.host.TestBox;
import io.sendport.host.store.Store;
import io.sendport.host.store.commit.Access;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTest {

    @TempDir
    private Path folder;

    @Test
    void countsAMessageThatWasSubmittedWhileTheClockWasAhead() throws Exception {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (Store store = Store.open(TestBox.settings(folder), Access.CREATE)) {
            new Metrics(registry, Clock.systemUTC(), store).done("P", Duration.ofDays(-3));
        }
        Timer age = registry.get("sendport.delivery").timer();
        assertThat(age.count()).isEqualTo(1);
        assertThat(age.totalTime(TimeUnit.SECONDS)).isZero();
    }
}
