package io.sendport.host.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendport.api.component.Component;
import io.sendport.api.component.MessageComponent;
import io.sendport.api.component.MessageScope;
import io.sendport.api.component.Stage;
import io.sendport.api.host.HostServices;
import io.sendport.api.host.Meters;
import io.sendport.api.host.TemporaryWorkspace;
import io.sendport.api.message.Body;
import io.sendport.api.message.Message;
import io.sendport.api.settings.Origin;
import io.sendport.api.settings.Setting;
import io.sendport.api.settings.Settings;
import io.sendport.config.read.ConfigurationException;
import io.sendport.test.TestHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComponentClassTest {

    @TempDir
    private Path folder;

    /** Takes the host beside its own property. */
    public record Hosted(String line, HostServices host) implements MessageComponent {
        @Override
        public Optional<Message> process(Message message, MessageScope scope) {
            return Optional.of(message);
        }
    }

    private Settings element(Map<String, String> properties) {
        Origin origin = new Origin(folder.resolve("conf/sendport.xml"), 3, 5);
        List<Settings> children = properties.entrySet().stream()
                .map(each -> new Settings(
                        "property",
                        origin,
                        Map.of(
                                "name", Setting.plain(each.getKey(), origin),
                                "value", Setting.plain(each.getValue(), origin)),
                        List.of(),
                        ""))
                .toList();
        Map<String, Setting> attributes = new HashMap<>();
        attributes.put("class", Setting.plain(Hosted.class.getName(), origin));
        return new Settings("component", origin, attributes, children, "");
    }

    @Test
    void passesHostServicesToAConstructorThatDeclaresThem() throws Exception {
        Meters meters = new TestHost(folder).meters();
        Services services = Services.bare("H", Clock.systemUTC(), Optional.empty())
                .with(Meters.class, meters)
                .spoolingTo(SpoolPlace.of(folder, false));
        try (Catalog catalog = new Catalog(Extensions.of(folder.resolve("plugins")));
                Component made = catalog.create(element(Map.of("line", "x")), Stage.PRE_ASSEMBLE, services)) {
            HostServices host = ((Hosted) made).host();
            assertThat(host.host()).isEqualTo("H");
            assertThat(host.meters()).isSameAs(meters);
            assertThat(host.configurationFolder()).isEqualTo(folder.resolve("conf"));
            Body large;
            try (TemporaryWorkspace workspace = host.openWorkspace()) {
                large = workspace.write(out -> out.write(new byte[2 * 1024 * 1024]));
                assertThat(large.open().readAllBytes()).hasSize(2 * 1024 * 1024);
                assertThat(spooled()).isEqualTo(1);
            }
            assertThat(spooled()).as("files after close").isZero();
        }
    }

    private long spooled() throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(each -> each.toString().endsWith(".spool")).count();
        }
    }

    @Test
    void doesNotTreatHostServicesAsAProperty() throws Exception {
        Services services = Services.bare("H", Clock.systemUTC(), Optional.empty());
        try (Catalog catalog = new Catalog(Extensions.of(folder.resolve("plugins")))) {
            assertThat(catalog.check(element(Map.of("line", "x")), Stage.PRE_ASSEMBLE, services))
                    .isEmpty();
            assertThat(catalog.check(element(Map.of("line", "x", "host", "y")), Stage.PRE_ASSEMBLE, services))
                    .singleElement()
                    .satisfies(problem -> assertThat(problem.toString())
                            .contains("has no property host")
                            .contains("expected one of [line]"));
        }
    }

    /** Its constructor fails, as when a file that it needs is missing. */
    public record Failing() implements MessageComponent {
        public Failing {
            throw new IllegalStateException("no template");
        }

        @Override
        public Optional<Message> process(Message message, MessageScope scope) {
            return Optional.of(message);
        }
    }

    @Test
    void reportsTheLocationOfAComponentWhoseConstructorFails() {
        assertThatThrownBy(
                        () -> new TestPorts(
                                folder,
                                "<host name='H'><smtp host='127.0.0.1' tls='none'/></host><pipeline name='Own'><preAssemble>"
                                        + "<component class='" + Failing.class.getName()
                                        + "'/></preAssemble></pipeline>"
                                        + "<sendPort name='P' host='H' pipeline='Own'><mail from='a@corp.example' to='b@customer.example'/></sendPort>"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("Failing cannot be created: java.lang.IllegalStateException: no template")
                .hasMessageContaining("sendport.xml:");
    }

    /** Cannot be closed, and says when it was tried. */
    public record Stuck(String name) implements MessageComponent {
        private static final List<String> CLOSED = new CopyOnWriteArrayList<>();

        @Override
        public Optional<Message> process(Message message, MessageScope scope) {
            return Optional.of(message);
        }

        @Override
        public void close() {
            CLOSED.add(name);
            throw new IllegalStateException(name + " is stuck");
        }
    }

    @Test
    void closesEveryComponentEvenWhenOneFailsToClose() throws Exception {
        String step = "<component class='" + Stuck.class.getName() + "'><property name='name' value='%s'/></component>";
        TestPorts ports = new TestPorts(
                folder,
                "<host name='H'><smtp host='127.0.0.1' tls='none'/></host><pipeline name='Own'><preAssemble>"
                        + step.formatted("first") + step.formatted("second") + "</preAssemble></pipeline>"
                        + "<sendPort name='P' host='H' pipeline='Own'><mail from='a@corp.example' to='b@customer.example'/></sendPort>");
        assertThatThrownBy(ports::close)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("2 of 3 components could not be closed")
                .hasMessageContaining("first is stuck");
        assertThat(Stuck.CLOSED).containsExactly("first", "second");
    }
}
