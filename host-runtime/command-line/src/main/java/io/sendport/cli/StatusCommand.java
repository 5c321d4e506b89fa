package io.sendport.cli;

import io.sendport.api.settings.ByteSize;
import io.sendport.cli.option.CommonOptions;
import io.sendport.cli.option.OptionalDurationConsumer;
import io.sendport.cli.output.ExitStatus;
import io.sendport.cli.output.Output;
import io.sendport.host.condition.ConditionText;
import io.sendport.host.condition.Verdict;
import io.sendport.host.operate.Ages;
import io.sendport.host.operate.ConditionView;
import io.sendport.host.operate.Json;
import io.sendport.host.operate.Operations;
import io.sendport.host.operate.StatusView;
import io.sendport.host.operate.Times;
import io.sendport.host.store.commit.StoreException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sendport status}. */
@Command(
        name = "status",
        description = "Shows whether all ports are delivering. For each problem, shows the cause and the next step.",
        footer = {
            "",
            "Exit status: 0 delivering, 1 a problem needs attention, 3 cannot reach the message box.",
            "",
            "Examples:",
            "  sendport status",
            "  sendport status --watch 5s"
        })
final class StatusCommand implements Callable<Integer> {

    private static final String STEP = " ".repeat(13) + "-> ";
    private static final long MIN_MILLIS = 200;

    @Mixin
    private CommonOptions setup = new CommonOptions();

    @Option(
            names = "--watch",
            paramLabel = "DURATION",
            arity = "0..1",
            fallbackValue = "2s",
            parameterConsumer = OptionalDurationConsumer.class,
            description = "Repeat until Ctrl-C. Default interval: 2s.")
    private @Nullable String watch;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        String every = watch;
        if (every == null) {
            return show();
        }
        Duration pause = Times.duration(every);
        while (true) {
            PrintWriter out = spec.commandLine().getOut();
            if (!setup.json()) {
                out.println();
                out.println(Output.time(Instant.now()));
            }
            try {
                show();
            } catch (StoreException e) {
                // The loop continues, since the message box may become available again.
                out.println("unknown: " + e.getMessage());
            }
            out.flush();
            TimeUnit.MILLISECONDS.sleep(Math.max(MIN_MILLIS, pause.toMillis()));
        }
    }

    private int show() {
        PrintWriter out = spec.commandLine().getOut();
        try (Operations operations = setup.reading()) {
            StatusView status = operations.status().now();
            if (setup.json()) {
                out.println(Json.write(status));
            } else {
                print(status, out);
            }
            return status.verdict() == Verdict.DELIVERING ? ExitStatus.DONE : ExitStatus.WRONG;
        }
    }

    private void print(StatusView status, PrintWriter out) {
        out.println(verdict(status));
        for (ConditionView each : status.conditions()) {
            out.println(String.format("  %-9s  %s", each.severity().word(), each.sentence()));
            out.println(STEP + setup.commandsIn(each.nextStep()));
            each.messages()
                    .ifPresent(messages -> out.println(
                            STEP + setup.commandsIn("Messages: `sendport messages list " + messages.options() + "`")));
        }
        out.println("instances   "
                + (status.instances().isEmpty() ? "none running" : String.join(", ", status.instances())));
        out.println("delivered   " + status.lastMinute() + " in the last minute");
        out.println("waiting     " + status.waiting()
                + (status.waiting() > 0 && status.secondsToDrain().isPresent()
                        ? ", about "
                                + Ages.brief(Duration.ofSeconds(
                                        status.secondsToDrain().getAsLong())) + " at this rate"
                        : ""));
        out.println("oldest      "
                + (status.oldestSeconds().isPresent()
                        ? Ages.brief(Duration.ofSeconds(status.oldestSeconds().getAsLong()))
                                + (status.waiting() == 0 ? ", not due now" : "")
                        : "no message is waiting"));
        out.println("disk        "
                + (status.freeBytes().isPresent()
                        ? ByteSize.format(status.freeBytes().getAsLong()) + " free"
                        : "unknown: the database server does not report it"));
        out.println("checkpoint  " + status.lastCheckpoint().orElse("none yet"));
    }

    private static String verdict(StatusView status) {
        List<String> ports = status.portsNotDelivering();
        return switch (status.verdict()) {
            case DELIVERING -> "delivering";
            case DELIVERING_WITH_PROBLEMS -> "delivering with problems";
            case NOT_DELIVERING ->
                "not delivering"
                        + (ports.isEmpty()
                                ? ""
                                : (ports.size() == 1 ? ": port " : ": ports ") + ConditionText.named(ports));
        };
    }
}
