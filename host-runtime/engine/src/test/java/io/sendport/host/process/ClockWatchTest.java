package io.sendport.host.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.message.MessageId;
import io.sendport.host.TestBox;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageRow;
import io.sendport.host.run.rate.ClockSteps;
import io.sendport.host.store.commit.StoreException;
import io.sendport.testing.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A clock that is set while a process runs, or was ahead before. */
class ClockWatchTest {

    private static final Duration WAIT = Duration.ofHours(3);

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();
    private final AtomicLong elapsed = new AtomicLong();
    private MessageBox box;

    @BeforeEach
    void open() {
        box = TestBox.open(folder, clock);
    }

    @AfterEach
    void close() {
        box.close();
    }

    private ClockWatch watch(boolean moves) {
        return new ClockWatch(box, new ClockSteps(clock, elapsed::get), () -> moves);
    }

    private MessageRow row(MessageId id) {
        return box.queries().byPrefix(id.value()).get(0);
    }

    private MessageId retrying() {
        MessageId id = TestBox.submit(box, clock, "P").id();
        box.store().change(transaction -> transaction
                .handle()
                .execute(
                        "UPDATE message SET state = 'RETRYING', due_at = ? WHERE id = ?",
                        clock.instant().plus(WAIT).toEpochMilli(),
                        id.value()));
        return id;
    }

    @Test
    void movesDueTimesBackWhenTheClockIsSetBack() {
        MessageId id = retrying();
        ClockWatch watch = watch(true);
        clock.advance(Duration.ofDays(-1));

        assertThat(watch.follow()).as("messages may be due").isTrue();

        assertThat(row(id).dueAt()).isEqualTo(clock.instant().plus(WAIT));
        assertThat(watch.follow()).as("it was seen once").isFalse();
    }

    /** As right after a failover, which is when a database's clock may step. */
    @Test
    void movesDueTimesOnceTheStoreIsAvailableAgain() {
        MessageId id = retrying();
        AtomicBoolean isAway = new AtomicBoolean(true);
        ClockWatch watch = new ClockWatch(box, new ClockSteps(clock, elapsed::get), () -> {
            if (isAway.get()) {
                throw new StoreException("away", null);
            }
            return true;
        });
        clock.advance(Duration.ofDays(-1));
        assertThatThrownBy(watch::follow).isInstanceOf(StoreException.class);
        isAway.set(false);

        assertThat(watch.follow()).isTrue();

        assertThat(row(id).dueAt()).isEqualTo(clock.instant().plus(WAIT));
    }

    @Test
    void onlyOneOfSeveralProcessesMovesDueTimes() {
        MessageId id = retrying();
        Instant due = row(id).dueAt();
        ClockWatch watch = watch(false);
        clock.advance(Duration.ofDays(-1));

        watch.follow();

        assertThat(row(id).dueAt()).isEqualTo(due);
        assertThat(watch.fault()).as("each process reports the jump").contains("PT-24H");
    }

    @ParameterizedTest
    @CsvSource({"PT2H, true", "PT-2H, true", "PT59M, false", "PT0.5S, false"})
    void reportsAClockJumpOfMoreThanAnHour(Duration step, boolean seen) {
        ClockWatch watch = watch(true);
        clock.advance(step);

        watch.follow();

        assertThat(!watch.fault().isEmpty()).isEqualTo(seen);
        clock.advance(step.negated());
        watch.follow();
        assertThat(watch.fault()).as("it was set right").isEmpty();
    }

    @Test
    void aStalledProcessSeesNoClockStep() {
        ClockWatch watch = watch(true);
        clock.advance(Duration.ofHours(5));
        elapsed.addAndGet(Duration.ofHours(5).toNanos());

        assertThat(watch.follow()).isFalse();
        assertThat(watch.fault()).isEmpty();
    }

    @Test
    void reportsAWrongClockAtStartWhenRecordsAreInTheFuture() {
        TestBox.submit(box, clock, "P");
        clock.advance(Duration.ofDays(-3));
        ClockWatch watch = watch(true);

        watch.start();

        assertThat(watch.fault()).contains("the clock is or was wrong");
    }
}
