package io.sendport.cli;

import io.sendport.cli.option.CommonOptions;
import io.sendport.cli.output.ExitStatus;
import io.sendport.cli.output.Output;
import io.sendport.host.box.control.Actor;
import io.sendport.host.box.control.LogLevel;
import io.sendport.host.operate.Json;
import io.sendport.host.operate.LogLevelOperations;
import io.sendport.host.operate.Operations;
import io.sendport.host.operate.Times;
import java.io.PrintWriter;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sendport log}. */
@Command(
        name = "log",
        description = "Shows and sets log levels of running host instances, for a limited time and without a restart.",
        footer = {
            "",
            "Examples:",
            "  sendport log list",
            "  sendport log level io.sendport.smtp DEBUG --for PT10M",
            "  sendport log reset"
        })
final class LogCommand implements Runnable {

    private static final List<String> HEADINGS =
            List.of("logger", "level", "until", "set by", "reason", "applied by", "not applied by");

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private CommonOptions setup = new CommonOptions();

    @Override
    public void run() {
        list(setup);
    }

    @Command(
            name = "list",
            description = "Lists the levels that are set, and the instances that apply them.",
            footer = {"", "Example:", "  sendport log list --json"})
    int list(@Mixin CommonOptions own) {
        PrintWriter out = spec.commandLine().getOut();
        try (Operations operations = own.reading()) {
            List<LogLevelOperations.View> views = operations.logging().list();
            if (own.json()) {
                views.forEach(each -> out.println(Json.write(each)));
            } else if (views.isEmpty()) {
                out.println("no level is set; every logger has the level of the start of its process");
            } else {
                Output.table(
                        out, HEADINGS, views.stream().map(LogCommand::cells).toList());
            }
            return ExitStatus.DONE;
        }
    }

    private static List<String> cells(LogLevelOperations.View view) {
        return List.of(
                view.logger(),
                view.level().name(),
                Output.time(view.until()),
                view.actor(),
                view.reason().isEmpty() ? "-" : view.reason(),
                cell(view.instances()),
                cell(view.missing()));
    }

    private static String cell(Set<String> names) {
        return names.isEmpty() ? "-" : String.join(", ", names);
    }

    @Command(
            name = "level",
            description = {
                "Sets the level of a logger in every running instance, and waits until they apply it.",
                "DEBUG and TRACE are for loggers below io.sendport: libraries may write passwords and content there."
            },
            footer = {
                "",
                "Exit status 1 if an instance does not apply it.",
                "",
                "Example:",
                "  sendport log level io.sendport.smtp DEBUG --for PT10M --reason \"the relay refuses some mails\""
            })
    int level(
            @Mixin CommonOptions own,
            @Parameters(paramLabel = "LOGGER", description = "The name of the logger, or root.") String logger,
            @Parameters(paramLabel = "LEVEL", description = "OFF, ERROR, WARN, INFO, DEBUG or TRACE.") LogLevel level,
            @Option(
                            names = "--for",
                            paramLabel = "DURATION",
                            defaultValue = "1h",
                            description = "How long the level lasts, at most P7D. Default: ${DEFAULT-VALUE}.")
                    String lasting,
            @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "", description = "The reason.")
                    String reason)
            throws InterruptedException {
        try (Operations operations = own.changing()) {
            operations.logging().set(logger, level, Times.duration(lasting), Actor.here(reason));
            return report(operations);
        }
    }

    @Command(
            name = "reset",
            description = "Gives loggers the levels of the start again: the named ones, or all.",
            footer = {"", "Examples:", "  sendport log reset io.sendport.smtp", "  sendport log reset"})
    int reset(
            @Mixin CommonOptions own,
            @Parameters(paramLabel = "LOGGER", arity = "0..*", description = "Names of loggers. Default: all.")
                    List<String> loggers)
            throws InterruptedException {
        try (Operations operations = own.changing()) {
            List<String> removed = operations.logging().reset(loggers == null ? List.of() : loggers);
            spec.commandLine()
                    .getOut()
                    .println(removed.isEmpty() ? "no level was set" : "reset " + String.join(", ", removed));
            return report(operations);
        }
    }

    /** Says which instances apply the present levels. */
    private int report(Operations operations) throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Set<String> missing = operations.logging().await();
        Set<String> embedded = operations.logging().embedded();
        for (String each : operations.instances()) {
            if (embedded.contains(each)) {
                out.println(each + ": leaves logging to its application");
            } else {
                out.println(each + (missing.contains(each) ? ": has not applied it yet" : ": applies it"));
            }
        }
        if (operations.instances().isEmpty()) {
            out.println("no instance is running; one that starts in time applies it");
        }
        return missing.isEmpty() ? ExitStatus.DONE : ExitStatus.WRONG;
    }
}
