package io.sendport.host.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CheckpointProgressTest {

    private final AtomicLong nanos = new AtomicLong(42);
    private final CheckpointProgress progress = new CheckpointProgress(nanos::get);

    @Test
    void saysHowMuchIsHeldBackAndForHowLong() {
        progress.found(300L * 1024 * 1024);
        assertThat(progress.heldBack()).as("a burst is no reader").isEmpty();
        nanos.addAndGet(Duration.ofSeconds(25).toNanos());
        progress.found(500L * 1024 * 1024);
        assertThat(progress.heldBack())
                .hasValueSatisfying(what -> assertThat(what).contains("500 MB").contains("25 s"));
    }

    @Test
    void reportsNothingOnceTheReaderHasEnded() {
        progress.found(300L * 1024 * 1024);
        nanos.addAndGet(Duration.ofSeconds(25).toNanos());
        progress.found(0);
        assertThat(progress.heldBack()).isEmpty();
    }
}
