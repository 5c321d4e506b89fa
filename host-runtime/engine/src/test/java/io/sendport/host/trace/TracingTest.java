package io.sendport.host.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.SpanContext;
import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.MessageProperties;
import io.sendport.host.TestBox;
import io.sendport.host.box.NewMessage;
import io.sendport.testing.SettableClock;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TracingTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "00-" + TRACE + "-b7ad6b7169203331-01";

    private static NewMessage message(String parent) {
        return TestBox.message(new SettableClock(), "P", Body.of("x", StandardCharsets.US_ASCII), Optional.empty())
                .with(Context.empty().with(MessageProperties.TRACE_PARENT, parent));
    }

    private static Optional<String> kept(String parent) {
        try (SubmissionSpans submitting = Tracing.OFF.beginSubmit(List.of(message(parent)))) {
            return submitting.messages().get(0).context().get(MessageProperties.TRACE_PARENT);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                PARENT,
                "00-" + TRACE + "-b7ad6b7169203331-00",
                "01-" + TRACE + "-b7ad6b7169203331-01-more",
                "cc-" + TRACE + "-b7ad6b7169203331-01"
            })
    void keepsAValidTraceParentWithoutAnSdk(String parent) {
        assertThat(kept(parent)).contains(parent);
        assertThat(TraceParent.parse(parent))
                .get()
                .extracting(SpanContext::getTraceId)
                .isEqualTo(TRACE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "00-" + TRACE + "-b7ad6b7169203331",
                "00-" + TRACE + "-b7ad6b7169203331-01-more",
                "ff-" + TRACE + "-b7ad6b7169203331-01",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-" + TRACE + "-0000000000000000-01",
                "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                PARENT + "\r\nX: y"
            })
    void dropsAMalformedTraceParent(String parent) {
        assertThat(kept(parent)).isEmpty();
    }

    @Test
    void createsNoSpansWithoutAnSdk() {
        assertThat(Tracing.of(OpenTelemetry.noop())).isSameAs(Tracing.OFF);
        assertThat(Tracing.of(GlobalOpenTelemetry.get())).isSameAs(Tracing.OFF);
        assertThat(Tracing.OFF.isOn()).isFalse();
        AtomicInteger asked = new AtomicInteger();
        Optional<String> none = Optional.empty();
        MessageId id = MessageId.random();
        for (int i = 0; i < 2; i++) {
            try (MessageSpan activity = Tracing.OFF.beginSend("P", id, "1.1", () -> {
                asked.incrementAndGet();
                return none;
            })) {
                assertThat(activity).isSameAs(MessageSpan.NONE);
            }
        }
        assertThat(asked).hasValue(0);
        NewMessage message = message(PARENT);
        try (SubmissionSpans submitting = Tracing.OFF.beginSubmit(List.of(message))) {
            assertThat(submitting.messages()).first().isSameAs(message);
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(each ->
                        each.getName().toLowerCase(java.util.Locale.ROOT).contains("opentelemetry")
                                || each.getName().contains("BatchSpanProcessor"));
    }
}
