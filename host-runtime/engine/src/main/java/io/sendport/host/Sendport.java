package io.sendport.host;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.sendport.api.adapter.SendAdapter;
import io.sendport.api.component.Component;
import io.sendport.api.submit.Submitter;
import io.sendport.config.Configuration;
import io.sendport.config.build.SendportConfiguration;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.config.read.Reading;
import io.sendport.host.camel.CamelPlaceholders;
import io.sendport.host.observe.Health;
import io.sendport.host.observe.LogControl;
import io.sendport.host.operate.Operations;
import io.sendport.host.pipeline.Extensions;
import io.sendport.host.process.Environment;
import io.sendport.host.process.HostProcess;
import io.sendport.host.process.Revision;
import io.sendport.host.process.ShutdownReason;
import io.sendport.host.submission.LogOns;
import io.sendport.host.trace.Tracing;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * The engine inside an application: host instances that run send ports, on one message box. This class, {@code io.sendport.host.operate} and
 * {@code io.sendport.api} are the engine's public face; everything else in its jar may change with any version.
 *
 * <p>It opens no network port except that of a configured embedded audit relay or submission feed. It logs through SLF4J, does not set up
 * logging, and adds no shutdown hook. Safe for use by several threads.
 *
 * <pre>{@code
 * try (Sendport sendport = Sendport.configuredBy(Path.of("sendport.xml")).meters(registry).start()) {
 *     Receipt receipt = sendport.submitter().submit(submission);
 * }
 * }</pre>
 */
public final class Sendport implements AutoCloseable {

    private final HostProcess process;

    private Sendport(HostProcess process) {
        this.process = process;
    }

    /** Configures the engine from {@code file}; changes of the file are applied while the engine runs. */
    public static Builder configuredBy(Path file) {
        return configuredBy(() -> new ConfigurationReader(new CamelPlaceholders()).read(file));
    }

    /** As {@link #configuredBy(Path)}, with the application's own reading, such as one with other placeholders. */
    public static Builder configuredBy(Supplier<Reading> reading) {
        return new Builder(reading);
    }

    /** Configures the engine in Java; the components and adapters of {@code configuration} are known to the engine. */
    public static Builder configuredBy(SendportConfiguration configuration) {
        Builder builder = new Builder(configuration::reading);
        configuration.components().forEach(builder::component);
        configuration.adapters().forEach(builder::adapter);
        return builder;
    }

    /** The options of the engine. For one thread. */
    public static final class Builder {

        private final Supplier<Reading> reading;
        private final Set<String> hosts = new HashSet<>();
        private final Map<String, Component> components = new HashMap<>();
        private final Map<String, SendAdapter> adapters = new HashMap<>();
        private Path plugins = Path.of("plugins");
        private Optional<DataSource> database = Optional.empty();
        private Clock clock = Clock.systemUTC();
        private MeterRegistry meters = new SimpleMeterRegistry();
        private LogOns logOns = LogOns.NONE;
        private Tracing tracing = Tracing.OFF;
        private Optional<LogControl> logControl = Optional.empty();
        private boolean keepGoing;
        private Consumer<String> problems = problem -> {};

        private Builder(Supplier<Reading> reading) {
            this.reading = reading;
        }

        /** Selects hosts of the configuration; the default is all hosts. */
        public Builder hosts(Set<String> names) {
            hosts.addAll(names);
            return this;
        }

        /** Sets the folder of plug-ins; the default is {@code plugins} in the working folder. */
        public Builder plugins(Path folder) {
            plugins = folder;
            return this;
        }

        /**
         * Registers a component for {@code <component bean="name">}. One instance serves all ports and threads that name it. The
         * application owns it: the engine does not close it.
         */
        public Builder component(String name, Component instance) {
            components.put(name, instance);
            return this;
        }

        /** Registers a transport for {@code <adapter bean="name"/>}; as {@link #component}. */
        public Builder adapter(String name, SendAdapter instance) {
            adapters.put(name, instance);
            return this;
        }

        /**
         * Sets the source of PostgreSQL connections. It replaces url, user and password of {@code <messageBox>}; the url is then
         * only a display name. The engine keeps up to 14 connections for a long time, one of them listening. A pool must have room
         * for them and must not use transaction pooling. The engine returns each connection in its original state.
         */
        public Builder dataSource(DataSource source) {
            database = Optional.of(source);
            return this;
        }

        /**
         * Sets the clock for due times, service windows and dates of records, for tests. The default is the machine's clock, and on
         * PostgreSQL the database's, which all processes share. Processes of one store with different clocks declare each other
         * dead.
         */
        public Builder clock(Clock own) {
            clock = own;
            return this;
        }

        /** Sets the registry for metrics; by default they are not collected. */
        public Builder meters(MeterRegistry registry) {
            meters = registry;
            return this;
        }

        /** Sets who may log on to a {@code <submission>}. By default nobody can, so only a feed without log-on accepts mail. */
        public Builder logOns(LogOns own) {
            logOns = own;
            return this;
        }

        /**
         * Lets {@code sendport log level} set levels of loggers in this process. By default it does not: the logging system is the
         * application's.
         */
        public Builder logControl(LogControl own) {
            logControl = Optional.of(own);
            return this;
        }

        /**
         * Makes spans of each message with {@code sdk}, such as {@code GlobalOpenTelemetry.get()}. By default none are made.
         */
        public Builder tracing(OpenTelemetry sdk) {
            tracing = Tracing.of(sdk);
            return this;
        }

        /** Keeps ports with a wrong configuration stopped and runs the others. By default any problem prevents the start. */
        public Builder keepGoing() {
            keepGoing = true;
            return this;
        }

        /** Receives each problem and warning of the configuration, and each port that stays stopped, with file, line and column. */
        public Builder problems(Consumer<String> to) {
            problems = to;
            return this;
        }

        /**
         * Reads and checks the configuration.
         *
         * @throws ConfigurationRefusedException when it is wrong
         * @throws IllegalArgumentException when it does not contain a selected host
         */
        public Checked read() throws ConfigurationRefusedException {
            Extensions extensions = new Extensions(plugins, components, adapters);
            Revision first;
            try {
                first = Revision.of(reading.get(), extensions, keepGoing, problems);
            } catch (Revision.RefusedException e) {
                throw new ConfigurationRefusedException(e);
            }
            for (String host : hosts) {
                if (first.configuration().host(host).isEmpty()) {
                    throw new IllegalArgumentException("unknown host \"" + host + "\" in "
                            + first.configuration().file());
                }
            }
            Revision.Source source = () -> Revision.of(reading.get(), extensions, keepGoing, problem -> {});
            return new Checked(
                    first,
                    source,
                    Set.copyOf(hosts),
                    new Environment(extensions, clock, meters, logOns, logControl, tracing, database));
        }

        /**
         * Reads the configuration and starts.
         *
         * @throws ConfigurationRefusedException as {@link #read}
         * @throws IllegalArgumentException as {@link #read}
         * @throws Exception as {@link Checked#start}
         */
        public Sendport start() throws Exception {
            return read().start();
        }
    }

    /** A configuration is wrong, so nothing was started. The message has a line for each problem, with file, line and column. */
    public static final class ConfigurationRefusedException extends Exception {

        private static final long serialVersionUID = 1L;

        private ConfigurationRefusedException(Revision.RefusedException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /** A configuration that can be run. */
    public static final class Checked {

        private final Revision first;
        private final Revision.Source source;
        private final Set<String> hosts;
        private final Environment environment;

        private Checked(Revision first, Revision.Source source, Set<String> hosts, Environment environment) {
            this.first = first;
            this.source = source;
            this.hosts = hosts;
            this.environment = environment;
        }

        /** The configuration. */
        public Configuration configuration() {
            return first.configuration();
        }

        /**
         * Starts; may be called again after a failure.
         *
         * @throws io.sendport.host.store.commit.StoreException when the message box cannot be opened, or another process runs on it
         * @throws Exception when a host cannot be started
         */
        public Sendport start() throws Exception {
            return new Sendport(new HostProcess(first, source, hosts, environment));
        }
    }

    /** Takes new messages; a receipt means that the message is on disk. */
    public Submitter submitter() {
        return process.submissionService();
    }

    /** The operations of operators. The caller need not close them. */
    public Operations operations() {
        return process.operations();
    }

    /** The health of this process, with its conditions. */
    public Health health() {
        return process.health();
    }

    /** The names of the host instances that run here. */
    public List<String> instances() {
        return process.instanceIds();
    }

    /** The names of the ports that run here. */
    public Set<String> ports() {
        return process.ports();
    }

    /** Why this engine cannot continue, so that the application must drain and close it; empty while it can. */
    public Optional<ShutdownReason> ending() {
        return process.ending();
    }

    /** Stops claiming, and waits at most {@code patience} for attempts in progress. */
    public void drain(Duration patience) {
        process.drain(patience);
    }

    /**
     * Stops without waiting for attempts in progress, which are then in doubt. See {@link #drain}.
     *
     * @throws IOException when a file cannot be closed
     */
    @Override
    public void close() throws IOException {
        process.close();
    }
}
