package io.sendport.host.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.config.port.PortState;
import io.sendport.host.TestBox;
import io.sendport.host.box.MessageBox;
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

/** The thread that claims messages, when something in it fails that never should. */
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
        box.ports().see("P", PortState.STARTED);
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
    void showsAnErrorWhileItLastsAndClaimsAfterwards() throws Exception {
        AtomicBoolean fails = new AtomicBoolean(true);
        String id = TestBox.submit(box, clock, "P").id().value();
        dispatcher.open("P", 1, ClaimOrder.NONE, row -> handed.add(row.id().value()), () -> {
            if (fails.get()) {
                throw new StackOverflowError("test");
            }
            return false;
        });
        Patience.until("the error is shown", () -> !isWell());
        assertThatThrownBy(dispatcher::requireWell)
                .hasMessageContaining("StackOverflowError")
                .hasCauseInstanceOf(Error.class);
        fails.set(false);
        Patience.until("the message is claimed", () -> handed.contains(id));
        Patience.until("nothing is shown any more", this::isWell);
    }

    private boolean isWell() {
        try {
            dispatcher.requireWell();
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    @Test
    void anErrorInTheWorkOnAMessageTakesNoThreadFromTheNext() throws Exception {
        dispatcher.open(
                "P",
                1,
                ClaimOrder.NONE,
                row -> {
                    if (handed.add(row.id().value()) && handed.size() == 1) {
                        throw new StackOverflowError("test");
                    }
                },
                () -> false);
        for (int i = 0; i < 3; i++) {
            TestBox.submit(box, clock, "P");
        }
        dispatcher.wake();
        Patience.until("all were handed out", () -> handed.size() == 3);
        assertThat(handed).hasSize(3);
        assertThatCode(dispatcher::requireWell).doesNotThrowAnyException();
    }

    @Test
    void showsThatItsThreadHasEnded() {
        dispatcher.close();
        assertThatThrownBy(dispatcher::requireWell).hasMessageContaining("has ended; restart this process");
    }
}
