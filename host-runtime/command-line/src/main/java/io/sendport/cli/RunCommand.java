package io.sendport.cli;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.sendport.cli.log.LogConfigurator;
import io.sendport.cli.log.LogbackLevels;
import io.sendport.cli.option.CommonOptions;
import io.sendport.cli.output.ExitStatus;
import io.sendport.cli.output.Version;
import io.sendport.config.ConsoleSettings;
import io.sendport.console.Console;
import io.sendport.console.ObserveEndpoint;
import io.sendport.console.access.TokenLogOns;
import io.sendport.console.api.ConfigurationAccess;
import io.sendport.console.http.RequestObserver;
import io.sendport.host.Sendport;
import io.sendport.host.observe.Health;
import io.sendport.host.observe.ProcessMeters;
import io.sendport.host.operate.Times;
import io.sendport.host.pipeline.Extensions;
import io.sendport.host.process.ShutdownReason;
import io.sendport.host.store.commit.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sendport run}. */
@Command(
        name = "run",
        description =
                "Runs host instances in the foreground until Ctrl-C or SIGTERM. Both drain: current attempts finish first.",
        footer = {
            "",
            "When every port is up, a line that begins with `ready` appears on standard error.",
            "",
            "Examples:",
            "  sendport run -c config/quickstart.xml",
            "  sendport run --host Mail --drain 2m"
        })
final class RunCommand implements Callable<Integer> {

    /** How long requests to the console may take during shutdown. */
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

    private static final long POLL_MILLIS = 200;

    private static final Health STARTING =
            new Health(Map.of(), Map.of("process", "the process is starting"), List.of());

    @Mixin
    private CommonOptions setup = new CommonOptions();

    @Option(names = "--host", paramLabel = "NAME", description = "Run only this host; repeatable.")
    private List<String> hosts = List.of();

    @Option(
            names = "--drain",
            paramLabel = "DURATION",
            defaultValue = "30s",
            description = "How long to wait for current attempts at shutdown. Default: ${DEFAULT-VALUE}.")
    private String drain = "30s";

    @Option(
            names = LogConfigurator.OPTION,
            paramLabel = "text|json",
            description = "The log format: text, or one JSON object a line with ECS keys. Default: text.")
    private LogConfigurator.Form log = LogConfigurator.Form.TEXT;

    @Option(names = "--keep-going", description = "Keep ports with configuration errors stopped, and run all others.")
    private boolean keepGoing;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private volatile Supplier<Health> health = () -> STARTING;

    @Override
    public Integer call() throws Exception {
        long startNanos = System.nanoTime();
        Duration patience = Times.duration(drain);
        PrometheusMeterRegistry meters = ObserveEndpoint.registry();
        ProcessMeters.show(meters, Version.number());
        Sendport.Checked checked;
        try {
            checked = builder(meters).read();
        } catch (Sendport.ConfigurationRefusedException e) {
            say(Level.ERROR, "sendport: nothing was started");
            return ExitStatus.USAGE;
        }
        try (ObserveEndpoint observatory =
                new ObserveEndpoint(checked.configuration().observe(), meters, () -> health.get())) {
            return withConsole(checked, observatory, patience, startNanos);
        } catch (BindException e) {
            say(
                    Level.ERROR,
                    "sendport: TCP port "
                            + checked.configuration()
                                    .observe()
                                    .flatMap(each -> each.text("port"))
                                    .orElse("") + " of <observe> is in use: "
                            + e.getMessage()
                            + ". Nothing was started. Set another port in <observe>, or stop the other program");
            return ExitStatus.WRONG;
        }
    }

    private Sendport.Builder builder(PrometheusMeterRegistry meters) {
        Sendport.Builder builder = Sendport.configuredBy(setup::read)
                .hosts(Set.copyOf(hosts))
                .plugins(CommonOptions.plugins())
                .meters(meters)
                .logOns(new TokenLogOns(Clock.systemUTC()))
                .logControl(new LogbackLevels())
                .tracing(GlobalOpenTelemetry.get())
                .problems(each -> say(Level.WARN, each));
        return keepGoing ? builder.keepGoing() : builder;
    }

    /** Prints a line on standard error, or logs it: with {@code --log json}, standard error has only JSON. */
    private void say(Level level, String line) {
        if (log == LogConfigurator.Form.JSON) {
            LOG.atLevel(level).log(line);
        } else {
            spec.commandLine().getErr().println(line);
        }
    }

    /** Starts the console in parallel with the ports, since loading it takes as long as starting them. */
    private int withConsole(Sendport.Checked checked, ObserveEndpoint observatory, Duration patience, long startNanos)
            throws Exception {
        Optional<ConsoleSettings> settings = checked.configuration().console();
        if (settings.isEmpty()) {
            return run(checked, observatory, Optional.empty(), patience, startNanos);
        }
        CompletableFuture<Console> opening =
                CompletableFuture.supplyAsync(() -> openConsole(settings.get(), observatory.requests(), patience));
        try {
            return run(checked, observatory, Optional.of(opening), patience, startNanos);
        } catch (ConsoleException e) {
            say(Level.ERROR, "sendport: " + e.getMessage() + "; nothing was started");
            return ExitStatus.WRONG;
        } finally {
            opening.handle((console, failure) -> console)
                    .thenAccept(RunCommand::close)
                    .join();
        }
    }

    private static void close(@Nullable Console console) {
        if (console != null) {
            console.close();
        }
    }

    /** The console cannot listen. */
    private static final class ConsoleException extends Exception {
        private static final long serialVersionUID = 1L;

        ConsoleException(Throwable cause) {
            super("cannot start the web console of <console>: " + cause.getMessage(), cause);
        }
    }

    private Console openConsole(ConsoleSettings settings, RequestObserver observer, Duration patience) {
        try {
            return new Console(
                    settings,
                    new ConfigurationAccess(setup::read, Extensions.of(CommonOptions.plugins())),
                    Clock.systemUTC(),
                    REQUEST_TIMEOUT.compareTo(patience) < 0 ? REQUEST_TIMEOUT : patience,
                    observer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Console> await(Optional<CompletableFuture<Console>> opening) throws ConsoleException {
        try {
            return opening.map(CompletableFuture::join);
        } catch (CompletionException e) {
            Throwable cause = e.getCause() instanceof UncheckedIOException io ? io.getCause() : e.getCause();
            throw new ConsoleException(cause == null ? e : cause);
        }
    }

    private int run(
            Sendport.Checked checked,
            ObserveEndpoint observatory,
            Optional<CompletableFuture<Console>> opening,
            Duration patience,
            long startNanos)
            throws Exception {
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        try (Sendport sendport = started(checked)) {
            health = sendport::health;
            Optional<Console> console = await(opening);
            console.ifPresent(each -> each.serve(sendport.operations()));
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(() -> drainAndHalt(stop, stopped, patience), "sendport-shutdown"));
            String ready = "ready after "
                    + Duration.ofNanos(System.nanoTime() - startNanos).toMillis() + " ms: ports "
                    + sendport.ports() + ", instances " + sendport.instances() + ", metrics at http://"
                    + observatory.address()
                    + "/observe/metrics"
                    + console.map(each -> ", console at " + each.url()).orElse("");
            say(Level.INFO, ready);
            while (sendport.ending().isEmpty() && !stop.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                // Wait for a signal, or until the process cannot continue.
            }
            Optional<ShutdownReason> ending = sendport.ending();
            ending.ifPresent(each -> say(Level.ERROR, "sendport: " + each.why()));
            if (ending.filter(each -> each.kind() == ShutdownReason.Kind.BROKEN).isPresent()) {
                return ExitStatus.BROKEN;
            }
            say(Level.INFO, "draining: current attempts finish, no new messages are claimed");
            // In parallel: the ports claim nothing new while the console finishes its current requests.
            CompletableFuture<Void> closing = CompletableFuture.runAsync(() -> console.ifPresent(Console::close));
            sendport.drain(patience);
            closing.join();
            return ending.isPresent() ? ExitStatus.NOT_NOW : ExitStatus.DONE;
        } finally {
            stopped.countDown();
        }
    }

    /** Starts the ports. Waits for an unavailable database, which is common when a whole site restarts. */
    private Sendport started(Sendport.Checked checked) throws Exception {
        boolean isReported = false;
        while (true) {
            try {
                return checked.start();
            } catch (StoreException e) {
                // An undecided commit belongs to an instance that other instances will declare dead, so starting again
                // is safe.
                if (!e.isAway() && e.reason() != StoreException.Reason.UNDECIDED) {
                    throw e;
                }
                if (!isReported) {
                    say(Level.WARN, "sendport: waiting for the message box: " + e.getMessage());
                }
                isReported = true;
                TimeUnit.SECONDS.sleep(1);
            }
        }
    }

    private void drainAndHalt(CountDownLatch stop, CountDownLatch stopped, Duration patience) {
        if (stopped.getCount() == 0) {
            // The process ended without a signal and keeps its own exit status.
            return;
        }
        stop.countDown();
        try {
            if (!stopped.await(patience.toMillis() + 15_000, TimeUnit.MILLISECONDS)) {
                say(
                        Level.ERROR,
                        "sendport: the drain time is over; the process exits before all attempts have finished. Their messages are"
                                + " retried or in doubt: see `sendport status`");
                return;
            }
            // After a signal, the JVM would exit with 128 plus its number, although the drain was complete.
            Runtime.getRuntime().halt(ExitStatus.DONE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
