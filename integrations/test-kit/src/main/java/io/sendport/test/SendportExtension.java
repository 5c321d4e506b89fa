package io.sendport.test;

import io.sendport.api.adapter.Delivery;
import io.sendport.api.adapter.SendAdapter;
import io.sendport.api.component.Component;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.message.Body;
import io.sendport.api.settings.Settings;
import io.sendport.api.submit.Submission;
import io.sendport.config.Configuration;
import io.sendport.config.build.PortBuilder;
import io.sendport.config.build.SendportConfiguration;
import io.sendport.config.port.SendPort;
import io.sendport.config.read.ConfigurationException;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.config.read.Reading;
import io.sendport.host.Sendport;
import io.sendport.host.operate.RefusedException;
import io.sendport.host.operate.check.DryRun;
import io.sendport.host.pipeline.Extensions;
import io.sendport.host.pipeline.PipelineResult;
import io.sendport.testing.SettableClock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Runs Sendport in a JUnit test. {@link #render} runs the real pipeline of a port, without store and relay. {@link #submit} starts the
 * whole engine, with a message box in a temporary folder, a test relay, and a clock that only the test advances. Each test gets its own.
 *
 * <pre>{@code
 * @RegisterExtension
 * final SendportExtension sendport = SendportExtension.port("Invoices", port -> port
 *         .from("billing@corp.example").to("b@customer.example").pipeline(pipeline -> pipeline.component(new Redact())));
 *
 * @Test
 * void hidesCardNumbers() {
 *     assertThat(sendport.render("card 1234567812345678").mail().text()).contains("****");
 * }
 * }</pre>
 *
 * <p>For one test at a time. Any thread of the test may call its methods.
 */
public final class SendportExtension implements BeforeEachCallback, AfterEachCallback, AutoCloseable {

    private static final String RELAY = "127.0.0.1";
    /** A file system in memory, for fast commits. The store of a test need not survive a crash of the machine. */
    private static final Path MEMORY = Path.of("/dev/shm");

    private final Source source;
    private final Map<String, Component> components = new HashMap<>();
    private final Map<String, SendAdapter> adapters = new HashMap<>();
    private Path plugins = Path.of("plugins");
    private @Nullable Running running;

    /** Creates the configuration of one test. */
    @FunctionalInterface
    private interface Source {
        Given configuration() throws Exception;
    }

    /** A configuration before it is changed for the test. */
    private record Given(
            Settings tree,
            List<Settings> elements,
            Map<String, String> properties,
            Map<String, Component> components,
            Map<String, SendAdapter> adapters) {}

    private SendportExtension(Source source) {
        this.source = source;
    }

    /** Uses one port, on a host whose server is the test relay. */
    public static SendportExtension port(String name, Consumer<PortBuilder> content) {
        return configured(configuration -> configuration.port(name, content));
    }

    /** Uses any configuration in Java. The test relay replaces every server. A configuration without a host gets one. */
    public static SendportExtension configured(Consumer<SendportConfiguration.Builder> content) {
        return new SendportExtension(() -> {
            SendportConfiguration.Builder builder = SendportConfiguration.builder();
            content.accept(builder);
            if (builder.tree().children("host").isEmpty()) {
                builder.host("Test", host -> host.smtp(smtp -> smtp.server(RELAY)));
            }
            SendportConfiguration built = builder.build();
            Configuration read = built.reading().configuration().orElseThrow();
            return new Given(
                    built.tree(), built.tree().children(), read.properties(), built.components(), built.adapters());
        });
    }

    /**
     * Uses the configuration of production, from its XML file. The test relay replaces every server and audit relay. Message box, feeds,
     * console and checkpoints of the file are omitted. A placeholder without a value gets {@code test}.
     */
    public static SendportExtension configuredBy(Path file) {
        return new SendportExtension(() -> {
            Reading reading = new ConfigurationReader(new AnyValue()).read(file);
            if (reading.hasErrors()) {
                throw new ConfigurationException(reading.errors());
            }
            Configuration read = reading.configuration().orElseThrow();
            Settings root = Settings.empty("sendport", new io.sendport.api.settings.Origin(read.file(), 1, 1));
            return new Given(root, reading.elements(), read.properties(), Map.of(), Map.of());
        });
    }

    /** Registers a component for {@code <component bean="name">}. */
    public SendportExtension component(String name, Component instance) {
        components.put(name, instance);
        return this;
    }

    /** Registers a transport for {@code <adapter bean="name">}. */
    public SendportExtension adapter(String name, SendAdapter instance) {
        adapters.put(name, instance);
        return this;
    }

    /** Sets the folder of plug-ins; the default is {@code plugins} in the working folder. */
    public SendportExtension plugins(Path folder) {
        plugins = folder;
        return this;
    }

    /**
     * Starts a test. JUnit calls this method. Without JUnit, call it first, and call {@link #close} at the end.
     *
     * @throws ConfigurationException when the configuration has errors, with all problems
     */
    public synchronized SendportExtension open() throws Exception {
        close();
        running = new Running(source.configuration());
        return this;
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        open();
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        close();
    }

    private synchronized Running running() {
        if (running == null) {
            throw new IllegalStateException(
                    "Sendport is not running; register the extension as a field with @RegisterExtension, or call open()");
        }
        return running;
    }

    /** Runs the pipeline of the only port on a message with this text. */
    public Rendering render(String text) {
        return render(message(text));
    }

    /**
     * Runs the pipeline of the port on the message. Nothing is stored or sent.
     *
     * @throws IllegalStateException when a component cannot be created
     */
    public Rendering render(Submission submission) {
        Running now = running();
        List<ParsedMail> mails = new ArrayList<>();
        try {
            new DryRun(now.reading, now.extensions, now.clock).run(submission, result -> {
                if (result instanceof PipelineResult.Sealed sealed) {
                    for (Delivery each : sealed.deliveries()) {
                        mails.add(parsed(each));
                    }
                }
            });
            return Rendering.of(mails);
        } catch (RefusedException e) {
            return Rendering.suspended(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("cannot create the pipeline of port " + submission.port() + ": " + e, e);
        }
    }

    private static ParsedMail parsed(Delivery delivery) throws IOException {
        try (InputStream in = delivery.mail().open()) {
            return new ParsedMail(
                    delivery.sender().map(MailAddress::toString).orElse(""),
                    delivery.recipients().stream().map(MailAddress::toString).toList(),
                    in.readAllBytes());
        }
    }

    /** Submits a message with this text to the only port. */
    public SubmittedMessage submit(String text) {
        return submit(message(text));
    }

    /** Submits the message. Starts the engine if it is not running. */
    public SubmittedMessage submit(Submission submission) {
        Sendport engine = sendport();
        return new SubmittedMessage(
                engine, clock(), engine.submitter().submit(submission).id());
    }

    /** A message of type {@code text/plain} for the only port. */
    private Submission message(String text) {
        List<String> ports = running().reading.configuration().orElseThrow().ports().stream()
                .map(SendPort::name)
                .toList();
        if (ports.size() != 1) {
            throw new IllegalStateException(
                    "the configuration has several ports: " + ports + "; name one of them with Submission.to(...)");
        }
        return Submission.to(ports.get(0))
                .body("text/plain", Body.of(text, StandardCharsets.UTF_8))
                .by("test")
                .build();
    }

    /** The engine, for {@code operations()} and {@code health()}. Starts it if it is not running. */
    public Sendport sendport() {
        return running().engine();
    }

    /** The relay that receives the mails. */
    public TestRelay relay() {
        return running().relay;
    }

    /** The clock of the engine. Only {@link #advance} changes it. */
    public Clock clock() {
        return running().clock;
    }

    /** Advances the clock. Everything that becomes due, such as a retry, then runs. */
    public void advance(Duration by) {
        running().clock.advance(by);
    }

    /** Ends the test: stops the engine and the relay, and deletes the folder. */
    @Override
    public synchronized void close() throws IOException {
        Running now = running;
        running = null;
        if (now != null) {
            now.close();
        }
    }

    /** The engine, relay and folder of one test. */
    private final class Running implements AutoCloseable {
        final Path folder = Files.createTempDirectory(
                Files.isWritable(MEMORY) ? MEMORY : Path.of(System.getProperty("java.io.tmpdir")), "sendport-test-");
        final TestRelay relay = new TestRelay();
        final SettableClock clock = new SettableClock(Instant.now().truncatedTo(ChronoUnit.SECONDS));
        final Reading reading;
        final Extensions extensions;
        private @Nullable Sendport engine;

        Running(Given given) throws IOException {
            Map<String, Component> allComponents = new HashMap<>(given.components());
            allComponents.putAll(components);
            Map<String, SendAdapter> allAdapters = new HashMap<>(given.adapters());
            allAdapters.putAll(adapters);
            extensions = new Extensions(plugins, allComponents, allAdapters);
            reading = ConfigurationReader.read(TestSettings.of(
                    given.tree().origin(),
                    given.elements(),
                    given.properties(),
                    folder.resolve("box.db"),
                    relay.port()));
            if (reading.hasErrors()) {
                close();
                throw new ConfigurationException(reading.errors());
            }
        }

        synchronized Sendport engine() {
            if (engine == null) {
                Sendport.Builder builder = Sendport.configuredBy(() -> reading)
                        .plugins(extensions.plugins())
                        .clock(clock);
                extensions.components().forEach(builder::component);
                extensions.adapters().forEach(builder::adapter);
                try {
                    engine = builder.start();
                } catch (RuntimeException e) {
                    throw e;
                } catch (Exception e) {
                    throw new IllegalStateException("cannot start the engine: " + e.getMessage(), e);
                }
            }
            return engine;
        }

        @Override
        public synchronized void close() throws IOException {
            try {
                if (engine != null) {
                    engine.drain(Duration.ofSeconds(10));
                    engine.close();
                }
            } finally {
                relay.close();
                delete();
            }
        }

        private void delete() throws IOException {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(each);
                }
            }
        }
    }
}
