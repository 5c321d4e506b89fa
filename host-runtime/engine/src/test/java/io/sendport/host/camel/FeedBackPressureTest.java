package io.sendport.host.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.Part;
import io.sendport.api.submit.NotNowException;
import io.sendport.api.submit.Receipt;
import io.sendport.api.submit.Submission;
import io.sendport.api.submit.SubmissionRefusedException;
import io.sendport.api.submit.Submitter;
import io.sendport.testing.Patience;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

/** What becomes of a feed's message while the message box takes nothing. */
class FeedBackPressureTest {

    private static final Submission SUBMISSION = new Submission(
            "P", Context.empty(), List.of(Part.body("", Body.wrapping(new byte[] {'x'}))), Optional.of("key"), "route");

    private final AtomicInteger tries = new AtomicInteger();
    private final FeedWatch watch = new FeedWatch(Clock.systemUTC());
    private final Exchange exchange = new DefaultExchange(new DefaultCamelContext());
    private volatile int full;

    private Receipt submit(Submission submission) {
        if (tries.incrementAndGet() <= full) {
            throw new NotNowException("the disk is full");
        }
        return new Receipt(MessageId.random(), submission.port(), false);
    }

    private FeedBackPressure patience(Duration pause) {
        return new FeedBackPressure(watch, pause);
    }

    @Test
    void holdsTheMessageUntilThereIsRoom() throws Exception {
        full = 3;
        assertThat(patience(Duration.ofMillis(1)).publish(SUBMISSION, exchange, this::submit))
                .hasSize(1);
        assertThat(tries).hasValue(4);
        assertThat(watch.faults()).as("nothing waits any more").isEmpty();
    }

    @Test
    void reportsWhyItWaitsAndGivesUpWhenFeedsStop() throws Exception {
        full = Integer.MAX_VALUE;
        FeedBackPressure patience = patience(Duration.ofHours(1));
        CompletableFuture<Throwable> given = new CompletableFuture<>();
        Thread consumer = new Thread(() -> {
            try {
                patience.publish(SUBMISSION, exchange, this::submit);
            } catch (Exception e) {
                given.complete(e);
            }
        });
        consumer.start();
        Patience.until(() -> !watch.faults().isEmpty());
        assertThat(watch.faults()).singleElement().satisfies(each -> assertThat(each.text())
                .isEqualTo("the disk is full"));
        patience.end();
        assertThat(given.get()).isInstanceOf(NotNowException.class);
        assertThat(watch.faults()).isEmpty();
        assertThat(tries).hasValue(1);
    }

    @Test
    void failsAtOnceWhenTheCallerWaitsForAReply() {
        full = 1;
        exchange.setPattern(ExchangePattern.InOut);
        FeedBackPressure patience = patience(Duration.ofHours(1));
        assertThatThrownBy(() -> patience.publish(SUBMISSION, exchange, this::submit))
                .isInstanceOf(NotNowException.class);
    }

    @Test
    void doesNotHoldARefusedMessage() {
        Submitter refusing = submission -> {
            throw new SubmissionRefusedException("too large");
        };
        assertThatThrownBy(() -> patience(Duration.ofHours(1)).publish(SUBMISSION, exchange, refusing))
                .isInstanceOf(SubmissionRefusedException.class);
    }
}
