package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.MessageProperties;
import io.sendport.host.process.Environment;
import io.sendport.host.trace.Tracing;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The spans of a message that is deferred once and then accepted. */
@Timeout(300)
class TracingIT {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "00-" + TRACE + "-b7ad6b7169203331-01";
    private static final String CONFIG = """
            <messageBox url='jdbc:sqlite:box.db'/>
            <host name='H'><smtp host='127.0.0.1' port='%d' tls='none'/></host>
            <sendPort name='P' host='H'><mail from='a@corp.example' to='b@customer.example' subject='Secret plan'/>
            <retry count='3' interval='PT0.1S'/></sendPort>
            """;

    @TempDir
    private Path folder;

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                    .build())
            .build();

    private List<SpanData> named(String name) {
        return exporter.getFinishedSpanItems().stream()
                .filter(each -> each.getName().equals(name))
                .toList();
    }

    private static String text(SpanData span, String key) {
        return span.getAttributes().get(AttributeKey.stringKey(key));
    }

    @Test
    void tracesAMessageFromItsSubmitToEachAttempt() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger("io.sendport.host.run.Round");
        log.start();
        logger.addAppender(log);
        try (ScriptedServer relay = new ScriptedServer().on("RCPT", "451 4.3.0 later");
                RunningHost host = RunningHost.start(
                        folder,
                        CONFIG.formatted(relay.port()),
                        Environment.of(folder, java.time.Clock.systemUTC()).with(Tracing.of(sdk)))) {
            MessageId id = host.submit(
                    "P",
                    Body.of("x", StandardCharsets.US_ASCII),
                    Context.empty().with(MessageProperties.TRACE_PARENT, PARENT));
            Patience.until("the first attempt", () -> !named("send P").isEmpty());
            relay.on("RCPT", "250 2.1.5 ok");
            assertThat(host.await(id, row -> row.state().isEnd()).state().isEnd())
                    .isTrue();
            SpanData submit = named("submit P").get(0);
            assertThat(submit.getTraceId()).isEqualTo(TRACE);
            assertThat(submit.getParentSpanId()).isEqualTo("b7ad6b7169203331");
            assertThat(submit.getKind()).isEqualTo(SpanKind.PRODUCER);
            assertThat(host.process().box().queries().context(host.row(id)).get(MessageProperties.TRACE_PARENT))
                    .hasValueSatisfying(
                            kept -> assertThat(kept).startsWith("00-" + TRACE + "-" + submit.getSpanId() + "-"));
            List<SpanData> sends = named("send P");
            assertThat(sends).hasSizeGreaterThan(1);
            assertThat(sends.get(0).getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
            assertThat(sends.get(0).getAttributes().get(AttributeKey.longKey("sendport.reply.code")))
                    .isEqualTo(451);
            SpanData last = sends.get(sends.size() - 1);
            assertThat(text(last, "sendport.outcome")).isEqualTo("accepted");
            assertThat(text(last, "sendport.attempt")).isEqualTo("1." + sends.size());
            assertThat(text(last, "server.address")).isEqualTo("127.0.0.1");
            assertThat(named("process P")).isNotEmpty();
            for (SpanData each : exporter.getFinishedSpanItems()) {
                assertThat(text(each, "messaging.message.id")).isEqualTo(id.value());
                assertThat(each.toString()).doesNotContain("customer.example", "corp.example", "Secret plan");
                if (!each.equals(submit)) {
                    assertThat(each.getParentSpanContext().isValid())
                            .as("%s has a trace of its own", each)
                            .isFalse();
                    assertThat(each.getLinks()).singleElement().satisfies(link -> assertThat(
                                    link.getSpanContext().getSpanId())
                            .isEqualTo(submit.getSpanId()));
                }
            }
            assertThat(log.list).anyMatch(each -> sends.get(0)
                    .getTraceId()
                    .equals(each.getMDCPropertyMap().get("trace.id")));
        } finally {
            logger.detachAppender(log);
        }
    }
}
