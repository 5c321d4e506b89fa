package io.sendport.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sendport.api.message.Body;
import io.sendport.api.message.Context;
import io.sendport.api.message.MessageId;
import io.sendport.api.message.Part;
import io.sendport.api.submit.Submission;
import io.sendport.host.Sendport;
import io.sendport.host.box.MessageState;
import io.sendport.host.operate.MessageView;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Two engines in one application that brings its own logging, metrics and library versions. */
@Timeout(300)
class EmbeddedEnginesIT {

    @TempDir
    private Path folder;

    private Path configuration(String name, int port) throws IOException {
        Path own = Files.createDirectories(folder.resolve(name));
        return Files.writeString(own.resolve("sendport.xml"), """
                <sendport xmlns="urn:sendport:config:1">
                  <messageBox url="jdbc:sqlite:box.db"/>
                  <host name="%1$s"><smtp host="127.0.0.1" port="%2$d" tls="none"/></host>
                  <sendPort name="Invoices" host="%1$s">
                    <mail from="a@corp.example" to="%1$s@customer.example"/>
                  </sendPort>
                </sendport>
                """.formatted(name, port));
    }

    private static MessageId submit(Sendport sendport, String text) {
        return sendport.submitter()
                .submit(new Submission(
                        "Invoices",
                        Context.empty(),
                        List.of(Part.body("text/plain", Body.of(text, StandardCharsets.US_ASCII))),
                        Optional.empty(),
                        "application"))
                .id();
    }

    private static Logger logger(String name) {
        return ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(name);
    }

    @Test
    void sendSideBySideAndUseTheApplicationsMeterRegistry() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger("io.sendport").addAppender(log);
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (ScriptedServer first = new ScriptedServer();
                ScriptedServer second = new ScriptedServer()) {
            Set<String> before = listening();
            try (Sendport one = Sendport.configuredBy(configuration("one", first.port()))
                            .meters(meters)
                            .start();
                    Sendport two = Sendport.configuredBy(configuration("two", second.port()))
                            .start()) {
                assertThat(await(one, submit(one, "from one"))).isEqualTo(MessageState.DONE);
                assertThat(await(two, submit(two, "from two"))).isEqualTo(MessageState.DONE);
                assertThat(first.mails()).hasSize(1);
                assertThat(System.getProperties().stringPropertyNames())
                        .as("options for the whole process are the application's")
                        .noneMatch(name -> name.startsWith("sun.net.httpserver"));
                assertThat(second.mails()).hasSize(1);
                assertThat(listening()).as("no port was opened").isEqualTo(before);
                Patience.until(
                        () -> !meters.find("sendport.recipients").counters().isEmpty());
                assertThat(one.health().live().values()).allMatch(String::isEmpty);
                assertThat(one.operations()
                                .audit()
                                .verify(List.of(), Set.of(), held -> {})
                                .isClean())
                        .isTrue();
                one.drain(Duration.ofSeconds(10));
                two.drain(Duration.ofSeconds(10));
            }
        } finally {
            logger("io.sendport").detachAppender(log);
        }
        assertThat(log.list).as("the application's log has the engine's lines").anyMatch(each -> each.getLoggerName()
                .startsWith("io.sendport.host"));
        assertThat(logger(Logger.ROOT_LOGGER_NAME).getLevel())
                .as("the application's own configuration counts")
                .isEqualTo(Level.WARN);
    }

    private static MessageState await(Sendport sendport, MessageId id) throws InterruptedException {
        MessageView ended = sendport.operations().submissions().await(id, Duration.ofMinutes(2));
        return ended.state();
    }

    @Test
    void doNotPullInPicocliPrometheusOrLoggingConfiguration() {
        for (String name : List.of(
                "picocli.CommandLine",
                "io.micrometer.prometheusmetrics.PrometheusMeterRegistry",
                "io.sendport.console.Observatory",
                "io.sendport.cli.log.LogConfigurator")) {
            assertThatThrownBy(() -> Class.forName(name)).isInstanceOf(ClassNotFoundException.class);
        }
    }

    @Test
    void reportAllProblemsOfAnInvalidConfigurationAndDoNotStart() throws Exception {
        Path file = configuration("wrong", 25);
        Files.writeString(file, Files.readString(file).replace("tls=\"none\"", "tls=\"maybe\" nonsense=\"1\""));
        List<String> problems = new ArrayList<>();
        assertThatThrownBy(() ->
                        Sendport.configuredBy(file).problems(problems::add).start())
                .isInstanceOf(Sendport.ConfigurationRefusedException.class);
        assertThat(problems).hasSizeGreaterThanOrEqualTo(2).allMatch(each -> each.contains("sendport.xml:3:"));
        assertThat(file.resolveSibling("box.db")).doesNotExist();
    }

    /** The sockets of this process that listen, by their inodes; none where the system does not tell. */
    private static Set<String> listening() throws IOException {
        Set<String> own = new HashSet<>();
        Path descriptors = Path.of("/proc/self/fd");
        if (!Files.isDirectory(descriptors)) {
            return own;
        }
        try (Stream<Path> all = Files.list(descriptors)) {
            for (Path each : all.toList()) {
                if (Files.isSymbolicLink(each)) {
                    own.add(Files.readSymbolicLink(each).toString().replaceAll("\\D", ""));
                }
            }
        }
        Set<String> listening = new HashSet<>();
        for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(table))) {
                String[] cells = line.strip().split("\\s+");
                if (cells.length > 9 && cells[3].equals("0A") && own.contains(cells[9])) {
                    listening.add(cells[9]);
                }
            }
        }
        return listening;
    }
}
