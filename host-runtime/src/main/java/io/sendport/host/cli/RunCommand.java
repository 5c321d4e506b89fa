package io.sendport.host.cli;

import io.sendport.api.settings.Problem;
import io.sendport.config.Configuration;
import io.sendport.config.Reading;
import io.sendport.host.process.Ending;
import io.sendport.host.process.HostProcess;
import io.sendport.host.process.Revision;
import io.sendport.host.store.StoreException;
import java.io.PrintWriter;
import java.net.BindException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sendport run}. */
@Command(
        name = "run",
        description =
                "Runs host instances in the foreground until Ctrl-C or SIGTERM, which drains: attempts under way finish.",
        footer = {
            "",
            "A line on standard error begins with `ready` when every port is up.",
            "",
            "Examples:",
            "  sendport run -c config/quickstart.xml",
            "  sendport run --host Mail --drain 2m"
        })
final class RunCommand implements Callable<Integer> {

    private static final long LOOK_MILLIS = 200;

    @Mixin
    private Setup setup = new Setup();

    @Option(names = "--host", paramLabel = "NAME", description = "Only this host; may be given several times.")
    private List<String> hosts = List.of();

    @Option(
            names = "--drain",
            paramLabel = "DURATION",
            defaultValue = "30s",
            description = "How long to wait for attempts under way; ${DEFAULT-VALUE}.")
    private String drain = "30s";

    @Option(
            names = "--keep-going",
            description = "Ports whose configuration is wrong stay stopped, and the others run.")
    private boolean keepGoing;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        PrintWriter err = spec.commandLine().getErr();
        long began = System.nanoTime();
        Duration patience = Times.duration(drain);
        Revision revision;
        try {
            revision = revision(err::println);
        } catch (Revision.RefusedException e) {
            err.println("sendport: nothing was started");
            return ExitStatus.USAGE;
        }
        for (String host : hosts) {
            if (revision.configuration().host(host).isEmpty()) {
                throw new UsageException("there is no host \"" + host + "\" in " + setup.file());
            }
        }
        return run(revision, patience, began, err);
    }

    /** What the files say, where that can be run. */
    private Revision revision(Consumer<String> tell) throws Revision.RefusedException {
        Reading reading = setup.read();
        List<Problem> problems = new Validation(Setup.plugins()).of(reading);
        problems.forEach(each -> tell.accept(each.toString()));
        List<Problem> errors = problems.stream()
                .filter(each -> each.severity() == Problem.Severity.ERROR)
                .toList();
        Optional<Map<String, String>> wrong = errors.isEmpty() ? Optional.of(Map.of()) : Optional.empty();
        if (keepGoing && !errors.isEmpty()) {
            wrong = reading.portsConcerned(errors);
        }
        Optional<Configuration> configuration = reading.configuration();
        if (wrong.isEmpty() || configuration.isEmpty()) {
            throw new Revision.RefusedException(
                    errors.stream().map(Problem::toString).toList());
        }
        wrong.get().keySet().forEach(port -> tell.accept("sendport: port " + port + " stays stopped"));
        return new Revision(configuration.get(), wrong.get());
    }

    private int run(Revision revision, Duration patience, long began, PrintWriter err) throws Exception {
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        try (HostProcess process = started(revision, err)) {
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(() -> awaitEnd(stop, stopped, patience), "sendport-shutdown"));
            err.println(
                    "ready after " + Duration.ofNanos(System.nanoTime() - began).toMillis() + " ms: ports "
                            + process.ports() + ", instances " + process.instanceIds() + ", observed at http://"
                            + process.observeAddress()
                            + "/observe/metrics");
            while (process.ending().isEmpty() && !stop.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                // Until a signal comes, or the process can't go on.
            }
            Optional<Ending> ending = process.ending();
            ending.ifPresent(each -> err.println("sendport: " + each.why()));
            if (ending.filter(each -> each.kind() == Ending.Kind.BROKEN).isPresent()) {
                return ExitStatus.BROKEN;
            }
            err.println("draining: attempts under way finish, nothing new is claimed");
            process.drain(patience);
            if (ending.isPresent()) {
                return ExitStatus.NOT_NOW;
            }
        } catch (BindException e) {
            err.println("sendport: the port that <observe port=\""
                    + revision.configuration()
                            .observe()
                            .flatMap(each -> each.text("port"))
                            .orElse("") + "\"> names is taken: "
                    + e.getMessage() + "; nothing was started");
            return ExitStatus.WRONG;
        } finally {
            stopped.countDown();
        }
        return ExitStatus.DONE;
    }

    /** Waits for a database that is away, as it may be when a whole site comes back. */
    private HostProcess started(Revision revision, PrintWriter err) throws Exception {
        boolean told = false;
        while (true) {
            try {
                return new HostProcess(
                        revision, () -> revision(line -> {}), new HashSet<>(hosts), Setup.plugins(), Clock.systemUTC());
            } catch (StoreException e) {
                // What a commit that was not answered began is buried with the instance that it was for.
                if (!e.isAway() && e.reason() != StoreException.Reason.UNDECIDED) {
                    throw e;
                }
                if (!told) {
                    err.println("sendport: waiting, " + e.getMessage());
                }
                told = true;
                TimeUnit.SECONDS.sleep(1);
            }
        }
    }

    private static void awaitEnd(CountDownLatch stop, CountDownLatch stopped, Duration patience) {
        if (stopped.getCount() == 0) {
            // It ended by itself, and its own exit status stands.
            return;
        }
        stop.countDown();
        try {
            if (!stopped.await(patience.toMillis() + 15_000, TimeUnit.MILLISECONDS)) {
                System.err.println("sendport: the process ends although something is still under way");
                return;
            }
            // A signal would make the exit status 128 and its number, although everything was done.
            Runtime.getRuntime().halt(ExitStatus.DONE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
