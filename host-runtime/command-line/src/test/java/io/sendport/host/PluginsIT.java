package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendport.api.component.MessageComponent;
import io.sendport.api.component.MessageScope;
import io.sendport.api.message.Body;
import io.sendport.api.message.Message;
import io.sendport.api.message.MessageId;
import io.sendport.api.settings.Problem;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.config.read.Reading;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.MessageState;
import io.sendport.host.camel.CamelPlaceholders;
import io.sendport.host.pipeline.Extensions;
import io.sendport.host.process.Validation;
import io.sendport.testing.InTurn;
import io.sendport.testing.ScriptedServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Components in the folder {@code plugins}: whose class loader their code sees, and what is said of classes that are there twice. */
@Timeout(300)
@InTurn
class PluginsIT {

    @TempDir
    private Path folder;

    /** Loads by name as libraries do. */
    public record LooksAround() implements MessageComponent {
        public LooksAround {
            requireOwnLoader();
        }

        private static void requireOwnLoader() {
            if (Thread.currentThread().getContextClassLoader() != LooksAround.class.getClassLoader()) {
                throw new IllegalStateException("the thread has another's class loader");
            }
        }

        @Override
        public Optional<Message> process(Message message, MessageScope scope) {
            requireOwnLoader();
            return Optional.of(message);
        }
    }

    /** Forgets its answer. */
    public record ReturnsNull() implements MessageComponent {
        @Override
        public Optional<Message> process(Message message, MessageScope scope) {
            return null;
        }
    }

    private String content(Class<?> component, int port) {
        return """
                <messageBox url='jdbc:sqlite:box.db'/>
                <host name='H'><smtp host='127.0.0.1' port='%d' tls='none'/></host>
                <pipeline name='Own'><preAssemble><component class='%s'/></preAssemble></pipeline>
                <sendPort name='P' host='H' pipeline='Own'><mail from='a@corp.example' to='b@customer.example'/></sendPort>
                """.formatted(port, component.getName());
    }

    private MessageRow sent(Class<?> component) throws Exception {
        PluginJar.write(folder.resolve("plugins"), component);
        try (ScriptedServer server = new ScriptedServer();
                RunningHost host = RunningHost.start(folder, content(component, server.port()))) {
            MessageId id = host.submit("P", Body.of("hello", StandardCharsets.US_ASCII));
            return host.await(id, row -> row.state().isEnd() || row.state() == MessageState.SUSPENDED);
        }
    }

    @Test
    void runWithTheirOwnContextClassLoader() throws Exception {
        MessageRow row = sent(LooksAround.class);
        assertThat(row.state()).as(row.lastError()).isEqualTo(MessageState.DONE);
    }

    @Test
    void areNamedWhenTheyReturnNull() throws Exception {
        MessageRow row = sent(ReturnsNull.class);
        assertThat(row.state()).isEqualTo(MessageState.SUSPENDED);
        assertThat(row.lastError())
                .contains("pipeline Own, stage preAssemble", ReturnsNull.class.getName(), "it returned null");
    }

    @Test
    void areReportedWhenTheyAreInTwoPlugIns() throws Exception {
        PluginJar.write(folder.resolve("plugins/archive-1.1"), LooksAround.class);
        PluginJar.write(folder.resolve("plugins/archive-1.2"), LooksAround.class);
        RunningHost.write(folder, content(LooksAround.class, 25));
        Reading reading = new ConfigurationReader(new CamelPlaceholders()).read(folder.resolve("sendport.xml"));
        assertThat(new Validation(Extensions.of(folder.resolve("plugins"))).validate(reading))
                .filteredOn(each -> each.severity() == Problem.Severity.ERROR)
                .extracting(Problem::toString)
                .singleElement()
                .asString()
                .contains("is in several plug-ins: archive-1.1, archive-1.2");
    }

    /** Asks for more than it gets. */
    public record Throws() implements MessageComponent {
        public Throws {
            throw new IllegalStateException("the archive folder is missing");
        }

        @Override
        public Optional<Message> process(Message message, MessageScope scope) {
            return Optional.of(message);
        }
    }

    /** Works, and cannot be closed. */
    public record NeverCloses() implements MessageComponent {
        @Override
        public Optional<Message> process(Message message, MessageScope scope) {
            return Optional.of(message);
        }

        @Override
        public void close() {
            throw new IllegalStateException("the archive is still open");
        }
    }

    private List<String> errors(Class<?> component, UnaryOperator<Validation> how) throws Exception {
        PluginJar.write(folder.resolve("plugins"), component);
        RunningHost.write(folder, content(component, 25));
        Reading reading = new ConfigurationReader(new CamelPlaceholders()).read(folder.resolve("sendport.xml"));
        return how.apply(new Validation(Extensions.of(folder.resolve("plugins")))).validate(reading).stream()
                .filter(Problem::isError)
                .map(Problem::toString)
                .toList();
    }

    /** Fails at a message, and quotes it. */
    public record Fails() implements MessageComponent {
        @Override
        public Optional<Message> process(Message message, MessageScope scope) {
            throw new IllegalStateException("account 4711 is unknown");
        }
    }

    @Test
    void explainShowsTheirStackTraceOnlyWhenVerbose() throws Exception {
        MessageRow row = sent(Fails.class);
        assertThat(row.state()).isEqualTo(MessageState.SUSPENDED);
        Installed.Result brief =
                Installed.sendport(folder, "messages", "explain", row.id().value(), "-c", "sendport.xml");
        assertThat(brief.out()).contains("SUSPENDED").doesNotContain("PluginsIT.java");
        Installed.Result verbose =
                Installed.sendport(folder, "messages", "explain", "-v", row.id().value(), "-c", "sendport.xml");
        assertThat(verbose.out())
                .contains("java.lang.IllegalStateException\n", Fails.class.getName() + ".process(PluginsIT.java:");
    }

    @Test
    void areCreatedAndClosedByValidate() throws Exception {
        assertThat(errors(Throws.class, Validation::tryingOut))
                .singleElement()
                .asString()
                .contains("sendPort P", Throws.class.getName(), "cannot be created", "the archive folder is missing");
        assertThat(errors(NeverCloses.class, Validation::tryingOut))
                .singleElement()
                .asString()
                .contains("sendPort P", NeverCloses.class.getName(), "cannot be closed", "the archive is still open");
        assertThat(errors(LooksAround.class, Validation::tryingOut)).isEmpty();
    }

    @Test
    void areNotCreatedWhenValidationDoesNotTryThemOut() throws Exception {
        assertThat(errors(Throws.class, UnaryOperator.identity())).isEmpty();
    }
}
