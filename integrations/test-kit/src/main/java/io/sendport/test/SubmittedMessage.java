package io.sendport.test;

import io.sendport.api.message.MessageId;
import io.sendport.host.Sendport;
import io.sendport.host.box.MessageState;
import io.sendport.host.operate.MessageView;
import io.sendport.host.operate.Submissions;
import io.sendport.support.text.Text;
import io.sendport.testing.Patience;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A message that a test submitted. Each {@code await} method waits at most two minutes, and fails immediately if the message can no longer
 * reach that state. Thread-safe.
 */
public final class SubmittedMessage {

    private static final long LOOK_MILLIS = 10;

    private final Sendport sendport;
    private final Clock clock;
    private final MessageId id;

    SubmittedMessage(Sendport sendport, Clock clock, MessageId id) {
        this.sendport = sendport;
        this.clock = clock;
        this.id = id;
    }

    /** The id of the message. */
    public MessageId id() {
        return id;
    }

    /** The current message, as operators see it. */
    public MessageView view() {
        return sendport.operations().messages().view(id.value());
    }

    /**
     * Waits until the relay has accepted the message for all recipients.
     *
     * @throws AssertionError with the last error, when the message ends in another state or waits for a retry
     */
    public SubmittedMessage awaitDone() throws InterruptedException {
        await(MessageState.DONE, view -> view.state() == MessageState.DONE);
        return this;
    }

    /** Waits until a component has consumed the message. */
    public SubmittedMessage awaitConsumed() throws InterruptedException {
        await(MessageState.CONSUMED, view -> view.state() == MessageState.CONSUMED);
        return this;
    }

    /** Waits until the message is suspended, and returns the reason. */
    public String awaitSuspended() throws InterruptedException {
        return error(await(MessageState.SUSPENDED, view -> view.state() == MessageState.SUSPENDED));
    }

    /** Waits until the message is in doubt and held for an operator ({@code inDoubt="hold"}), and returns the reason. */
    public String awaitInDoubt() throws InterruptedException {
        return error(await(MessageState.IN_DOUBT, view -> view.state() == MessageState.IN_DOUBT));
    }

    /** Waits until an attempt was deferred, and returns the time until the next one, for {@link SendportExtension#advance}. */
    public Duration awaitRetry() throws InterruptedException {
        MessageView view = await(MessageState.RETRYING, this::waits);
        return Duration.between(clock.instant(), view.nextAttemptAt().orElseThrow());
    }

    private boolean waits(MessageView view) {
        Instant now = clock.instant();
        return view.state() == MessageState.RETRYING
                && view.nextAttemptAt().filter(now::isBefore).isPresent();
    }

    private MessageView await(MessageState expected, Predicate<MessageView> comes) throws InterruptedException {
        long deadline = System.nanoTime() + Patience.LIMIT.toNanos();
        while (true) {
            MessageView view = view();
            if (comes.test(view)) {
                return view;
            }
            if (Submissions.isSettled(view.state()) || waits(view) || System.nanoTime() - deadline > 0) {
                throw new AssertionError("message " + id + " is " + view.state().word() + " after "
                        + Text.counted(view.attempts(), "attempt") + "; expected " + expected.word() + ". "
                        + error(view)
                        + (waits(view) ? ". The clock of the test stands still: advance it for the retry" : ""));
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    private static String error(MessageView view) {
        return view.lastError().orElse("No error is recorded");
    }

    @Override
    public String toString() {
        return id.toString();
    }
}
