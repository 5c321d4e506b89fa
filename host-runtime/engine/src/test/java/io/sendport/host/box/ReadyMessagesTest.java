package io.sendport.host.box;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.message.Body;
import io.sendport.host.TestBox;
import io.sendport.testing.SettableClock;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages that were just stored go out from memory, each once, unless the store has earlier ones. */
class ReadyMessagesTest {

    private final SettableClock clock = new SettableClock();
    private final AtomicLong nanos = new AtomicLong();
    private final ReadyMessages ready = new ReadyMessages(nanos::get);
    private long last;

    @BeforeEach
    void open() {
        ready.open("P");
        readAll();
    }

    /** A look into a store that has no due message. */
    private void readAll() {
        ready.beginRead("P");
        ready.read("P", List.of(), 10, true);
    }

    private NewMessage message() {
        return TestBox.message(clock, "P", Body.of("x", StandardCharsets.US_ASCII), Optional.empty());
    }

    private MessageRow stored(NewMessage message) {
        MessageRow row = MessageRow.stored(++last, message, 1);
        ready.arrived(List.of(message), List.of(row));
        return row;
    }

    private MessageRow stored() {
        NewMessage message = message();
        ready.arriving(List.of(message));
        return stored(message);
    }

    @Test
    void givesEachMessageOnceAndInOrder() {
        MessageRow first = stored();
        MessageRow second = stored();
        assertThat(ready.take("P", 1)).containsExactly(first);
        assertThat(ready.take("P", 5)).containsExactly(second);
        assertThat(ready.take("P", 5)).isEmpty();
        assertThat(ready.isIncomplete("P")).isFalse();
    }

    @Test
    void aReadLeavesOutAMessageThatIsAboutToArrive() {
        NewMessage message = message();
        ready.arriving(List.of(message));
        MessageRow row = MessageRow.stored(++last, message, 1);
        assertThat(ready.beginRead("P")).isEqualTo(1);
        assertThat(ready.read("P", List.of(row), 10, true)).isEmpty();
        ready.arrived(List.of(message), List.of(row));
        assertThat(ready.take("P", 10)).containsExactly(row);
    }

    @Test
    void aMessageThatWasReadIsNotGivenAgain() {
        MessageRow row = stored();
        ready.beginRead("P");
        assertThat(ready.read("P", List.of(row), 10, true)).containsExactly(row);
        assertThat(ready.has("P")).isFalse();
    }

    @Test
    void readsFromTheStoreAboveTenThousandMessages() {
        for (int i = 0; i < 10_000; i++) {
            stored();
        }
        assertThat(ready.isIncomplete("P")).isFalse();
        MessageRow last = stored();
        assertThat(ready.isIncomplete("P")).isTrue();
        assertThat(ready.take("P", 20_000)).hasSize(10_000);
        ready.beginRead("P");
        MessageRow later = stored();
        assertThat(ready.read("P", List.of(last), 10, true)).containsExactly(last);
        assertThat(ready.isIncomplete("P"))
                .as("one was stored after the read began")
                .isTrue();
        ready.beginRead("P");
        assertThat(ready.read("P", List.of(later), 10, true)).containsExactly(later);
        assertThat(ready.isIncomplete("P")).isFalse();
    }

    @Test
    void leavesMessagesOlderThanASecondToTheStore() {
        stored();
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
        assertThat(ready.take("P", 10)).isEmpty();
        assertThat(ready.isIncomplete("P")).isTrue();
    }

    @Test
    void dropsAllMessagesOfAPortWhenTheFirstIsTooOld() {
        stored();
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
        stored();
        assertThat(ready.has("P")).isFalse();
        assertThat(ready.isIncomplete("P")).isTrue();
    }

    @Test
    void keepsNothingForAClosedPort() {
        ready.close("P");
        stored();
        assertThat(ready.take("P", 10)).isEmpty();
        assertThat(ready.isIncomplete("P")).isTrue();
        readAll();
        assertThat(ready.has("P")).isFalse();
    }
}
