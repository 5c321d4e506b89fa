package io.sendport.host.run;

import io.sendport.api.message.Context;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.Part;
import io.sendport.api.message.Properties;
import io.sendport.api.settings.ByteSize;
import io.sendport.api.submit.NotNowException;
import io.sendport.api.submit.Receipt;
import io.sendport.api.submit.Submission;
import io.sendport.api.submit.SubmissionRefusedException;
import io.sendport.api.submit.Submitter;
import io.sendport.config.PortState;
import io.sendport.config.Routing;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.NewMessage;
import io.sendport.host.pipeline.Promotions;
import io.sendport.host.store.StoreException;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Takes submissions: checks them, promotes properties, and stores them. */
public final class SubmissionDesk implements Submitter {

    private static final int LONGEST_KEY = 200;
    private static final int MOST_PARTS = 1_000;
    private static final long LOOK_NANOS = 200_000_000;

    private final Routing routing;
    private final MessageBox box;
    private final Promotions promotions;
    private final Clock clock;
    private final Consumer<String> wake;
    private volatile @Nullable Look look;

    /** What was seen of the store. */
    private record Look(long at, Map<String, PortState> states, long freeBytes, long usedBytes) {}

    /** Submits into {@code box}; {@code wake} is told the port of each new message. */
    public SubmissionDesk(Routing routing, MessageBox box, Clock clock, Consumer<String> wake) {
        this.routing = routing;
        this.box = box;
        this.promotions = new Promotions(routing.promotions());
        this.clock = clock;
        this.wake = wake;
    }

    @Override
    public Receipt submit(Submission submission) {
        return submit(submission, Optional.empty());
    }

    /** As {@link #submit(Submission)}, of a message that is sent anew. */
    public Receipt submit(Submission submission, Optional<MessageId> source) {
        Routing.Port port = check(submission);
        requireRoom();
        try {
            Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
            MessageId id = MessageId.random();
            Context given = submission.context().with(Properties.MESSAGE_ID, id.value());
            Promotions.Promoted promoted =
                    promotions.promote(given, submission.parts().get(0).body());
            Receipt receipt = box.inbox()
                    .put(new NewMessage(
                            id,
                            port.name(),
                            port.host(),
                            port.application(),
                            now,
                            promoted.context(),
                            submission.parts(),
                            submission.dedupeKey(),
                            submission.actor(),
                            promoted.audited(),
                            source));
            wake.accept(port.name());
            return receipt;
        } catch (IOException e) {
            throw new SubmissionRefusedException(
                    "port " + port.name() + ": a part of the message can't be read: " + e.getMessage(), e);
        } catch (StoreException e) {
            throw new NotNowException(
                    box.store().fault().isPresent()
                            ? "it is not known whether the message was stored; look for it, or submit again with a dedupe key: "
                                    + e.getMessage()
                            : "nothing was submitted: " + e.getMessage(),
                    e);
        }
    }

    private Routing.Port check(Submission submission) {
        Routing.Port port = routing.ports().get(submission.port());
        if (port == null) {
            throw new SubmissionRefusedException("there is no send port \"" + submission.port() + "\", expected one of "
                    + routing.ports().keySet());
        }
        if (submission.parts().isEmpty() || submission.parts().size() > MOST_PARTS) {
            throw new SubmissionRefusedException(
                    "port " + port.name() + ": " + submission.parts().size() + " parts, expected 1 to " + MOST_PARTS);
        }
        long size = submission.parts().stream()
                .map(Part::body)
                .mapToLong(body -> body.size())
                .sum();
        if (size > port.maxMessageSize()) {
            throw new SubmissionRefusedException("port " + port.name() + " takes messages of at most "
                    + ByteSize.format(port.maxMessageSize()) + ", this one has " + ByteSize.format(size)
                    + "; <limits maxMessageSize> sets the limit");
        }
        if (submission
                .dedupeKey()
                .filter(key -> key.isEmpty() || key.length() > LONGEST_KEY)
                .isPresent()) {
            throw new SubmissionRefusedException(
                    "port " + port.name() + ": a dedupe key has 1 to " + LONGEST_KEY + " characters");
        }
        PortState state = look().states().getOrDefault(port.name(), port.initialState());
        if (state == PortState.UNENLISTED) {
            throw new SubmissionRefusedException("port " + port.name()
                    + " is unenlisted: it takes no messages; `sendport ports enlist` changes that");
        }
        return port;
    }

    /** Looks at the store anew when the last look is older than a moment: not for every one of thousands of submits a second. */
    private Look look() {
        Look last = look;
        if (last == null || System.nanoTime() - last.at() > LOOK_NANOS) {
            last = new Look(
                    System.nanoTime(),
                    box.ports().all(),
                    box.store().freeBytes(),
                    box.store().usedBytes());
            look = last;
        }
        return last;
    }

    private void requireRoom() {
        long free = look().freeBytes();
        if (free < routing.messageBox().minFree()) {
            throw new NotNowException(
                    "nothing was submitted: the disk under " + box.store().file() + " has "
                            + ByteSize.format(free) + " free, and "
                            + ByteSize.format(routing.messageBox().minFree())
                            + " must stay for results (<limits minFree>); make room and try again");
        }
        if (look().usedBytes() > routing.messageBox().maxBytes()) {
            throw new NotNowException("nothing was submitted: the message box holds more than "
                    + ByteSize.format(routing.messageBox().maxBytes())
                    + " (<limits maxBytes>); try again when messages have left");
        }
    }
}
