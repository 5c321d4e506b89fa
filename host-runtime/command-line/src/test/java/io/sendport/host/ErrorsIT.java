package io.sendport.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.component.MessageComponent;
import io.sendport.api.component.MessageScope;
import io.sendport.api.message.Body;
import io.sendport.api.message.Message;
import io.sendport.api.message.MessageId;
import io.sendport.config.read.ConfigurationException;
import io.sendport.host.box.MessageState;
import io.sendport.host.box.control.Actor;
import io.sendport.host.box.control.Reloads;
import io.sendport.host.condition.ConditionKind;
import io.sendport.testing.Patience;
import io.sendport.testing.ScriptedServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A component that throws an Error, not an Exception, as its class is loaded: the host refuses the change and goes on with its work. */
@Timeout(600)
class ErrorsIT {

    @TempDir
    private Path folder;

    private ScriptedServer server;
    private RunningHost host;

    /** Fails as a class does that misses a library: with an ExceptionInInitializerError first, with a NoClassDefFoundError afterwards. */
    public record FailsToInitialize() implements MessageComponent {
        private static final String NEEDED = needed();

        private static String needed() {
            throw new IllegalStateException("the library of the test is missing");
        }

        @Override
        public Optional<Message> process(Message message, MessageScope scope) {
            return NEEDED.isEmpty() ? Optional.empty() : Optional.of(message);
        }
    }

    /** Throws an Error as it is made. */
    public record ThrowsAnError() implements MessageComponent {
        public ThrowsAnError {
            throw new LinkageError("the native library of the test is missing");
        }

        @Override
        public Optional<Message> process(Message message, MessageScope scope) {
            return Optional.of(message);
        }
    }

    @BeforeEach
    void start() throws Exception {
        PluginJar.write(folder.resolve("plugins"), FailsToInitialize.class, ThrowsAnError.class);
        server = new ScriptedServer();
        host = RunningHost.following(folder, content("", port("A", "")));
    }

    @AfterEach
    void stop() throws Exception {
        host.close();
        server.close();
    }

    private static String port(String name, String attributes) {
        return "<sendPort name='" + name + "' host='H'" + attributes
                + "><mail from='a@corp.example' to='b@customer.example'/></sendPort>\n";
    }

    private String content(String component, String ports) {
        return """
                <messageBox url='jdbc:sqlite:box.db'/>
                <host name='H'><smtp host='127.0.0.1' port='%d' tls='none'/></host>
                %s
                %s
                """.formatted(
                        server.port(),
                        component.isEmpty()
                                ? ""
                                : "<pipeline name='Bad'><preAssemble><component class='" + component
                                        + "'/></preAssemble></pipeline>",
                        ports);
    }

    private String bad(Class<?> component) {
        return content(component.getName(), port("A", "") + port("B", " pipeline='Bad'"));
    }

    private void await(String what, BooleanSupplier wanted) throws Exception {
        assertThat(Patience.happens(Patience.LIMIT, wanted::getAsBoolean))
                .as(what + "; health " + host.process().health())
                .isTrue();
    }

    private String configurationFault() {
        return host.told(ConditionKind.CONFIGURATION_REJECTED);
    }

    private Reloads.Answer ask() throws Exception {
        Reloads reloads = host.process().box().reloads();
        long wish = reloads.ask(host.process().instanceIds().get(0), false, new Actor("me@here", "mended"));
        await("the wish to reload is answered", () -> reloads.answerTo(wish).isPresent());
        return reloads.answerTo(wish).orElseThrow();
    }

    private void requireThatItSends(String port) throws Exception {
        MessageId id = host.submit(port, Body.of("x", StandardCharsets.US_ASCII));
        assertThat(host.await(id, row -> row.state().isEnd()).state()).isEqualTo(MessageState.DONE);
    }

    @ParameterizedTest
    @ValueSource(classes = {FailsToInitialize.class, ThrowsAnError.class})
    void rejectsAnInvalidFileAndActivatesTheCorrectedOne(Class<?> component) throws Exception {
        RunningHost.write(folder, bad(component));
        await("health says why", () -> !configurationFault().isEmpty());
        assertThat(configurationFault()).as("the reason names the component").contains(component.getName());
        assertThat(host.process().ports()).containsExactly("A");
        requireThatItSends("A");

        RunningHost.write(folder, content("", port("A", "") + port("C", "")));
        await("the mended file is taken over", () -> host.process().ports().contains("C"));
        await("health is well again", () -> configurationFault().isEmpty());
        requireThatItSends("C");
        assertThat(ask().good()).isTrue();
    }

    /** The start fails with the place of the class; a check runs no code of it. */
    @Test
    void doesNotStartWithAComponentThatCannotBeCreated() throws Exception {
        for (Class<?> component : List.of(FailsToInitialize.class, ThrowsAnError.class)) {
            Path other = Files.createDirectories(folder.resolve("other"));
            PluginJar.write(other.resolve("plugins"), component);
            assertThatThrownBy(() -> RunningHost.start(other, bad(component)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("sendport.xml:")
                    .hasMessageContaining("class: " + component.getName())
                    .hasMessageContaining("library of the test is missing");
        }
    }

    @Test
    void rejectsAReloadThatEndsInAnErrorAndAnswersTheNext() throws Exception {
        RunningHost.write(folder, bad(FailsToInitialize.class));
        Reloads.Answer refused = ask();
        assertThat(refused.good()).isFalse();
        assertThat(refused.said()).contains(FailsToInitialize.class.getName(), "The previous one stays active");
        assertThat(ask().good()).as("the class fails otherwise the second time").isFalse();

        RunningHost.write(folder, content("", port("A", "") + port("C", "")));
        assertThat(ask().good()).isTrue();
        requireThatItSends("C");
    }
}
