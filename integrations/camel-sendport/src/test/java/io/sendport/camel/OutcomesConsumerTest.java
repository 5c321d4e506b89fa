package io.sendport.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.message.MessageId;
import io.sendport.api.outcome.OutcomeEvent;
import io.sendport.api.outcome.OutcomeKind;
import io.sendport.api.outcome.OutcomePage;
import io.sendport.api.outcome.OutcomePosition;
import io.sendport.api.outcome.OutcomeSource;
import io.sendport.api.submit.NotNowException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.processor.state.FileStateRepository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutcomesConsumerTest {

    private static final long LIMIT_SECONDS = 120;
    private static final long EVENTS = 5;

    private final BlockingQueue<String> handled = new LinkedBlockingQueue<>();
    private final AtomicBoolean refuses = new AtomicBoolean();
    private final AtomicInteger pollsWithoutAnswer = new AtomicInteger();

    /** Five outcomes in lane 0, two on a page. */
    private static OutcomePage read(OutcomePosition after) {
        long from = after.equals(OutcomePosition.NOW) ? EVENTS : after.seq(0);
        List<OutcomeEvent> events = LongStream.rangeClosed(from + 1, Math.min(from + 2, EVENTS))
                .mapToObj(seq -> new OutcomeEvent(
                        "0:" + seq + "-1",
                        OutcomeKind.ACCEPTED,
                        MessageId.random(),
                        "Invoices",
                        Optional.of("key-" + seq),
                        Map.of(),
                        Optional.of("b@customer.example"),
                        "250 ok",
                        Optional.empty(),
                        Instant.EPOCH,
                        OutcomePosition.BEGIN.at(0, seq)))
                .toList();
        long last = Math.min(from + 2, EVENTS);
        return new OutcomePage(events, OutcomePosition.BEGIN.at(0, last), last < EVENTS);
    }

    private OutcomePage readUnlessAway(OutcomePosition after) {
        if (pollsWithoutAnswer.getAndDecrement() > 0) {
            throw new NotNowException("no answer");
        }
        return read(after);
    }

    private DefaultCamelContext started(java.nio.file.Path file, String options) throws Exception {
        DefaultCamelContext context = new DefaultCamelContext();
        context.getRegistry().bind("sendport", OutcomeSource.class, (OutcomeSource) this::readUnlessAway);
        context.getRegistry().bind("positions", FileStateRepository.fileStateRepository(file.toFile()));
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("sendport:outcomes?delay=20&initialDelay=0" + options)
                        .routeId("tellCustomers")
                        .process(exchange -> {
                            String event = exchange.getMessage().getHeader(SendportHeaders.OUTCOME_ID)
                                    + " " + exchange.getMessage().getHeader(SendportHeaders.OUTCOME)
                                    + " " + exchange.getMessage().getHeader(SendportHeaders.DEDUPE_KEY);
                            if (refuses.get() && event.startsWith("0:3")) {
                                throw new IllegalStateException("not now");
                            }
                            handled.add(event);
                        });
            }
        });
        context.start();
        return context;
    }

    private String next() throws InterruptedException {
        return handled.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void consumesOutcomesInOrderAndRepeatsAFailedOneAfterARestart(@TempDir java.nio.file.Path folder) throws Exception {
        java.nio.file.Path file = folder.resolve("positions");
        refuses.set(true);
        try (DefaultCamelContext context = started(file, "&positions=#positions")) {
            assertThat(next()).isEqualTo("0:1-1 accepted key-1");
            assertThat(next()).isEqualTo("0:2-1 accepted key-2");
            assertThat(context.isStarted()).isTrue();
        }
        refuses.set(false);
        try (DefaultCamelContext context = started(file, "&positions=#positions")) {
            assertThat(next()).isEqualTo("0:3-1 accepted key-3");
            assertThat(next()).isEqualTo("0:4-1 accepted key-4");
            assertThat(next()).isEqualTo("0:5-1 accepted key-5");
            assertThat(context.isStarted()).isTrue();
        }
        assertThat(handled).isEmpty();
    }

    @Test
    void continuesWhenTheServerAnswersAgain(@TempDir java.nio.file.Path folder) throws Exception {
        pollsWithoutAnswer.set(3);
        try (DefaultCamelContext context = started(folder.resolve("positions"), "&positions=#positions")) {
            assertThat(next()).isEqualTo("0:1-1 accepted key-1");
            assertThat(pollsWithoutAnswer).hasNonPositiveValue();
            assertThat(context.isStarted()).isTrue();
        }
    }

    @Test
    void rejectsARouteWithoutAPositionStore(@TempDir java.nio.file.Path folder) {
        assertThatThrownBy(() -> started(folder.resolve("p"), "").close())
                .rootCause()
                .hasMessageContaining("positions=#bean");
    }
}
