package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.host.ledger.checkpoint.Checkpoints;
import io.sendport.testing.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed again and again before an interval is over would otherwise never sign. */
@Timeout(300)
class CheckpointAtStartIT {

    private static final String HOST = """
            <messageBox url='jdbc:sqlite:box.db'/>
            <auditLedger checkpointInterval='PT5M'/>
            <host name='H'/>
            """;

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock(Instant.parse("2026-11-30T08:00:00Z"));

    @Test
    void signsWhenTheLastCheckpointIsOlderThanTheInterval() throws Exception {
        RunningHost.start(folder, HOST, clock).close();
        Optional<Instant> first = signedAt();
        clock.advance(Duration.ofMinutes(4));
        try (RunningHost soon = RunningHost.start(folder, HOST, clock)) {
            assertThat(signedAt())
                    .as("ports: %s", soon.process().box().ports().all())
                    .isEqualTo(first);
        }
        clock.advance(Duration.ofMinutes(5));
        try (RunningHost late = RunningHost.start(folder, HOST, clock)) {
            assertThat(signedAt())
                    .as("ports: %s", late.process().box().ports().all())
                    .contains(clock.instant());
        }
    }

    private Optional<Instant> signedAt() {
        return Checkpoints.of(folder.resolve("box.db"), Optional.empty()).newestAt();
    }
}
