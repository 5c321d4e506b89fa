package io.sendport.host;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sendport.api.adapter.SendAdapter;
import io.sendport.api.component.Component;
import io.sendport.api.submit.Submitter;
import io.sendport.config.Configuration;
import io.sendport.config.read.ConfigurationReader;
import io.sendport.config.read.Reading;
import io.sendport.host.camel.CamelPlaceholders;
import io.sendport.host.observe.Health;
import io.sendport.host.operate.Operations;
import io.sendport.host.pipeline.Extensions;
import io.sendport.host.process.Ending;
import io.sendport.host.process.Environment;
import io.sendport.host.process.HostProcess;
import io.sendport.host.process.Revision;
import io.sendport.host.submission.LogOns;
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
 * <p>It opens no network port but that of an embedded audit relay that the configuration asks for, sets up no logging (it logs through SLF4J) and adds no shutdown hook. Safe for use by several threads.
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

    /** To be started with the configuration in {@code file}; changes of the file are taken over while it runs. */
    public static Builder configuredBy(Path file) {
        return configuredBy(() -> new ConfigurationReader(new CamelPlaceholders()).read(file));
    }

    /** As {@link #configuredBy(Path)}, with a reading of the application's own, such as one with other placeholders. */
    public static Builder configuredBy(Supplier<Reading> reading) {
        return new Builder(reading);
    }

    /** What an application decides before the engine starts. For one thread. */
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
        private boolean keepGoing;
        private Consumer<String> problems = problem -> {};

        private Builder(Supplier<Reading> reading) {
            this.reading = reading;
        }

        /** Only these hosts of the configuration; all of them unless called. */
        public Builder hosts(Set<String> names) {
            hosts.addAll(names);
            return this;
        }

        /** The folder of plug-ins; {@code plugins} in the working folder unless called. */
        public Builder plugins(Path folder) {
            plugins = folder;
            return this;
        }

        /**
         * Hands in a component for {@code <component bean="name">}. One instance serves all ports and threads that name it, and stays the
         * application's: the engine does not close it.
         */
        public Builder component(String name, Component instance) {
            components.put(name, instance);
            return this;
        }

        /** Hands in a transport for {@code <adapter bean="name"/>}; as {@link #component}. */
        public Builder adapter(String name, SendAdapter instance) {
            adapters.put(name, instance);
            return this;
        }

        /**
         * Where connections to PostgreSQL come from, instead of url, user and password of {@code <messageBox>}, whose url is then only a name for
         * people. The engine keeps up to 14 connections for long, and one of them listens. So a pool must have room for them, and must not use
         * transaction pooling. Each connection goes back as it came.
         */
        public Builder dataSource(DataSource source) {
            database = Optional.of(source);
            return this;
        }

        /**
         * The time by which messages are due, windows open and records are dated: for tests. Unless called it is the machine's, and on PostgreSQL the
         * database's, which all processes share. Processes of one store with different clocks take each other for dead.
         */
        public Builder clock(Clock own) {
            clock = own;
            return this;
        }

        /** Where metrics are counted; unless called nobody reads them. */
        public Builder meters(MeterRegistry registry) {
            meters = registry;
            return this;
        }

        /** Who may log on to a {@code <submission>}; unless called nobody can, so that only one that asks for no log-on takes mail. */
        public Builder logOns(LogOns own) {
            logOns = own;
            return this;
        }

        /** Ports whose configuration is wrong stay stopped, and the others run; unless called, anything wrong stops everything. */
        public Builder keepGoing() {
            keepGoing = true;
            return this;
        }

        /** Told each problem and warning of the configuration, and each port that stays stopped, with file, line and column. */
        public Builder problems(Consumer<String> to) {
            problems = to;
            return this;
        }

        /**
         * Reads and checks the configuration.
         *
         * @throws Revision.RefusedException when it is wrong
         * @throws IllegalArgumentException when a host is named that it does not have
         */
        public Checked read() throws Revision.RefusedException {
            Extensions extensions = new Extensions(plugins, components, adapters);
            Revision first = Revision.of(reading.get(), extensions, keepGoing, problems);
            for (String host : hosts) {
                if (first.configuration().host(host).isEmpty()) {
                    throw new IllegalArgumentException("there is no host \"" + host + "\" in "
                            + first.configuration().file());
                }
            }
            Revision.Source source = () -> Revision.of(reading.get(), extensions, keepGoing, problem -> {});
            return new Checked(
                    first, source, Set.copyOf(hosts), new Environment(extensions, clock, meters, logOns, database));
        }

        /**
         * Reads the configuration and starts.
         *
         * @throws Revision.RefusedException as {@link #read}
         * @throws IllegalArgumentException as {@link #read}
         * @throws Exception as {@link Checked#start}
         */
        public Sendport start() throws Exception {
            return read().start();
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
         * @throws io.sendport.host.store.commit.StoreException when the message box can't be opened, or another process runs on it
         * @throws Exception when a host can't be started
         */
        public Sendport start() throws Exception {
            return new Sendport(new HostProcess(first, source, hosts, environment));
        }
    }

    /** Takes new messages; a receipt means that the message is on disk. */
    public Submitter submitter() {
        return process.desk();
    }

    /** All that an operator can do. It needs no closing. */
    public Operations operations() {
        return process.operations();
    }

    /** What is well and what isn't. */
    public Health health() {
        return process.health();
    }

    /** The host instances that run here, by name. */
    public List<String> instances() {
        return process.instanceIds();
    }

    /** The ports that run here. */
    public Set<String> ports() {
        return process.ports();
    }

    /** Why this engine can't go on: the application is to drain and close it; empty while it can. */
    public Optional<Ending> ending() {
        return process.ending();
    }

    /** Claims nothing more, and waits at most {@code patience} for attempts under way. */
    public void drain(Duration patience) {
        process.drain(patience);
    }

    /**
     * Ends, without waiting for attempts under way; those are in doubt afterwards. See {@link #drain}.
     *
     * @throws IOException when a file can't be closed
     */
    @Override
    public void close() throws IOException {
        process.close();
    }
}
