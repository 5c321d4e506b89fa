package io.sendport.test;

import io.sendport.api.message.MessageId;
import io.sendport.host.Sendport;
import io.sendport.host.box.MessageState;
import io.sendport.host.operate.MessageView;
import io.sendport.host.operate.Submissions;
import io.sendport.testing.Patience;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A message that a test submitted. It waits at most two minutes, and fails at once when what is awaited cannot come any more. For any number
 * of threads.
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

    /** Its id. */
    public MessageId id() {
        return id;
    }

    /** The message as operators see it now. */
    public MessageView view() {
        return sendport.operations().messages().view(id.value());
    }

    /**
     * Waits until the relay has accepted the message for all recipients.
     *
     * @throws AssertionError with the last error, when it comes to another end or waits for a retry
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

    /** Waits until an operator must act, and returns why. */
    public String awaitSuspended() throws InterruptedException {
        return error(await(MessageState.SUSPENDED, view -> view.state() == MessageState.SUSPENDED));
    }

    /** Waits until an operator must decide whether the relay has the message ({@code inDoubt="hold"}), and returns why. */
    public String awaitInDoubt() throws InterruptedException {
        return error(await(MessageState.IN_DOUBT, view -> view.state() == MessageState.IN_DOUBT));
    }

    /** Waits until an attempt has failed for now, and returns the time to the next one, for {@link SendportExtension#advance}. */
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
                throw new AssertionError("message " + id + " is " + view.state().word() + " after " + view.attempts()
                        + " attempts; expected " + expected.word() + ". " + error(view)
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
