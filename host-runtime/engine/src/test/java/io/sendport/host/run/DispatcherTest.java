package io.sendport.host.run;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.config.port.PortState;
import io.sendport.host.TestBox;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageRow;
import io.sendport.testing.Patience;
import io.sendport.testing.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The thread that claims messages, after an unexpected error. */
@Timeout(120)
class DispatcherTest {

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();
    private final Set<String> handed = ConcurrentHashMap.newKeySet();
    private MessageBox box;
    private Dispatcher dispatcher;

    @BeforeEach
    void start() {
        box = TestBox.open(folder, clock);
        box.ports().initialize("P", PortState.STARTED);
        dispatcher = new Dispatcher(
                box,
                "H@test",
                () -> true,
                Duration.ofMillis(10),
                new PipelineWatch(System::nanoTime, Optional.empty()),
                new Budget(8, 1 << 20));
    }

    @AfterEach
    void stop() {
        dispatcher.close();
        box.close();
    }

    @Test
    void reportsAnErrorWhileItPersistsAndThenClaimsAgain() throws Exception {
        AtomicBoolean fails = new AtomicBoolean(true);
        String id = TestBox.submit(box, clock, "P").id().value();
        dispatcher.open("P", 1, ClaimOrder.NONE, row -> handed.add(row.id().value()), () -> {
            if (fails.get()) {
                throw new StackOverflowError("test");
            }
            return false;
        });
        Patience.until("the error is shown", () -> !isWell());
        assertThatThrownBy(dispatcher::requireClaiming)
                .hasMessageContaining("StackOverflowError")
                .hasCauseInstanceOf(Error.class);
        fails.set(false);
        Patience.until("the message is claimed", () -> handed.contains(id));
        Patience.until("nothing is shown any more", this::isWell);
    }

    private boolean isWell() {
        try {
            dispatcher.requireClaiming();
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    @Test
    void anErrorAtOnePortStaysVisibleWhileAnotherPortWorks() throws Exception {
        box.ports().initialize("Q", PortState.STARTED);
        dispatcher.open("P", 1, ClaimOrder.NONE, row -> {}, () -> {
            throw new StackOverflowError("test");
        });
        dispatcher.open("Q", 1, ClaimOrder.NONE, this::end, () -> false);
        Patience.until("the error is shown", () -> !isWell());
        for (int i = 0; i < 5; i++) {
            String id = TestBox.submit(box, clock, "Q").id().value();
            Patience.until("the message is claimed", () -> handed.contains(id));
            assertThatThrownBy(dispatcher::requireClaiming).hasMessageContaining("messages of port P");
        }
    }

    /** Ends the message as if it was sent. */
    private void end(MessageRow row) {
        box.store().change(transaction -> transaction
                .handle()
                .execute("UPDATE message SET state = 'DONE', queued = 0, ended_at = 1 WHERE seq = ?", row.seq()));
        handed.add(row.id().value());
    }

    @Test
    void anErrorOnOneMessageDoesNotStopTheOthers() throws Exception {
        AtomicBoolean fails = new AtomicBoolean(true);
        dispatcher.open(
                "P",
                1,
                ClaimOrder.NONE,
                row -> {
                    if (fails.getAndSet(false)) {
                        throw new StackOverflowError("test");
                    }
                    end(row);
                },
                () -> false);
        for (int i = 0; i < 3; i++) {
            TestBox.submit(box, clock, "P");
        }
        dispatcher.wake();
        Patience.until("all were handed out", () -> handed.size() == 3);
        assertThatCode(dispatcher::requireClaiming).doesNotThrowAnyException();
    }

    @Test
    void showsThatItsThreadHasEnded() {
        dispatcher.close();
        assertThatThrownBy(dispatcher::requireClaiming).hasMessageContaining("has ended; restart this process");
    }
}
