package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.sendport.api.message.Body;
import io.sendport.cli.log.LogConfigurator;
import io.sendport.cli.log.LogbackLevels;
import io.sendport.host.box.control.Actor;
import io.sendport.host.box.control.LogLevel;
import io.sendport.host.operate.LogLevelOperations;
import io.sendport.host.process.Environment;
import io.sendport.host.process.HostProcess;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** An operator raises a log level while a host runs, and reads no secret, address or content there. */
@Timeout(300)
class LogLevelsIT {

    private static final String PASSWORD = "s3cr3t-of-the-relay";
    private static final String BODY = "an invoice of 4711 euros";

    @TempDir
    private Path folder;

    /** What a line of the log would hold: text, arguments, and the messages of exceptions. */
    private static final class Lines extends AppenderBase<ILoggingEvent> {
        private final ConcurrentLinkedQueue<String> all = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            StringBuilder line = new StringBuilder(event.getLoggerName())
                    .append(' ')
                    .append(event.getLevel())
                    .append(' ')
                    .append(event.getFormattedMessage())
                    .append(event.getMDCPropertyMap());
            for (var each = event.getThrowableProxy(); each != null; each = each.getCause()) {
                line.append(' ').append(each.getMessage());
            }
            all.add(line.toString());
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aRaisedLevelReachesTheRunningHostAndShowsNoSecret() throws Exception {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Level before = root.getLevel();
        Lines lines = new Lines();
        lines.setContext(context);
        lines.start();
        root.addAppender(lines);
        try (ScriptedServer relay = new ScriptedServer()
                        .offering("250-test\r\n250 AUTH PLAIN LOGIN")
                        .on("RCPT", "550 5.1.1 no such user");
                HostProcess process = new HostProcess(
                        RunningHost.read(folder, """
                                <messageBox url='jdbc:sqlite:box.db'/>
                                <host name='H'><smtp host='127.0.0.1' port='%d' tls='none' auth='basic' user='svc' password='%s' allowClearText='true'/></host>
                                <sendPort name='P' host='H'><mail from='a@corp.example' to='b@customer.example' subject='Secret plan'/></sendPort>
                                """.formatted(relay.port(), PASSWORD))
                                .configuration()
                                .orElseThrow(),
                        Set.of(),
                        withLevels())) {
            LogLevelOperations logging = process.operations().logging();
            logging.set("io.sendport", LogLevel.TRACE, Duration.ofMinutes(10), new Actor("anna@server1", "relay"));
            assertThat(logging.await()).isEmpty();
            assertThat(logging.list()).singleElement().satisfies(each -> {
                assertThat(each.instances()).containsExactlyElementsOf(process.instanceIds());
                assertThat(each.missing()).isEmpty();
            });
            // Not what an operator can set: to know what libraries write with Sendport's own limits in place.
            root.setLevel(Level.TRACE);
            LogConfigurator.limitSensitiveLoggers(context);
            submit(process);
            Patience.until("the attempt", () -> relay.count("RCPT") > 0);
            Patience.until("the reply in the log", () -> lines.all.stream().anyMatch(each -> each.contains("S: 550")));
            assertThat(lines.all).anyMatch(each -> each.contains("DEBUG") && each.contains("C: AUTH"));
            for (String never : List.of(
                    PASSWORD,
                    base64(PASSWORD),
                    base64("\0svc\0" + PASSWORD),
                    BODY,
                    base64(BODY),
                    "Secret plan",
                    "customer.example")) {
                assertThat(lines.all).noneMatch(each -> each.contains(never));
            }
            logging.reset(List.of());
            assertThat(logging.await()).isEmpty();
            assertThat(context.getLogger("io.sendport").getLevel()).isNotEqualTo(Level.TRACE);
        } finally {
            root.setLevel(before);
            root.detachAppender(lines);
        }
    }

    private void submit(HostProcess process) {
        process.submissionService()
                .submit(new io.sendport.api.submit.Submission(
                        "P",
                        io.sendport.api.message.Context.empty(),
                        List.of(io.sendport.api.message.Part.body(
                                "text/plain", Body.of(BODY, StandardCharsets.US_ASCII))),
                        Optional.empty(),
                        "test"));
    }

    private Environment withLevels() {
        return Environment.of(folder.resolve("plugins"), Clock.systemUTC()).with(new LogbackLevels());
    }
}
