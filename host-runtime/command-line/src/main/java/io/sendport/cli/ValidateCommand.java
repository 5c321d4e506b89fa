package io.sendport.cli;

import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import io.sendport.cli.option.Setup;
import io.sendport.cli.output.ExitStatus;
import io.sendport.config.Configuration;
import io.sendport.config.port.SendPort;
import io.sendport.config.read.Reading;
import io.sendport.host.operate.Json;
import io.sendport.host.pipeline.Extensions;
import io.sendport.host.process.Validation;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sendport validate}. */
@Command(
        name = "validate",
        description = "Tells everything wrong with a configuration at once, each with file, line and column.",
        footer = {
            "",
            "Examples:",
            "  sendport validate -c config/quickstart.xml",
            "  sendport validate --effective --port Invoices      what the port's settings are, and from where"
        })
final class ValidateCommand implements Callable<Integer> {

    /** Shown as they are in force, with what the host, the connection and the pipeline have. */
    private static final Set<String> WITH_WHAT_IS_INHERITED =
            Set.of("mail", "smtp", "camel", "adapter", "pipelineSettings", "backupTransport");

    @Mixin
    private Setup setup = new Setup();

    @Option(names = "--strict", description = "Warnings count: exit status 1.")
    private boolean strict;

    @Option(
            names = "--effective",
            description = "Print each port's settings and where each comes from, secrets masked.")
    private boolean effective;

    @Option(
            names = "--no-plugins",
            description = "Run no code of plug-ins: their components are looked at, and not made.")
    private boolean noPlugins;

    @Option(names = "--port", paramLabel = "NAME", description = "With --effective: only this port.")
    private @Nullable String port;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Reading reading = setup.read();
        Validation validation = new Validation(Extensions.of(Setup.plugins()));
        List<Problem> problems = (noPlugins ? validation : validation.tryingOut()).of(reading);
        problems.forEach(problem -> out.println(setup.json() ? Json.write(asMap(problem)) : problem.toString()));
        long errors = problems.stream().filter(Problem::isError).count();
        if (effective) {
            reading.configuration().ifPresent(configuration -> effective(configuration, out));
        }
        if (!setup.json() && problems.isEmpty()) {
            out.println(setup.file() + ": nothing wrong");
        }
        if (errors > 0) {
            return ExitStatus.USAGE;
        }
        return strict && !problems.isEmpty() ? ExitStatus.WRONG : ExitStatus.DONE;
    }

    static Map<String, Object> asMap(Problem problem) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("severity", problem.severity().name().toLowerCase(java.util.Locale.ROOT));
        map.put("file", problem.origin().file().toString());
        map.put("line", problem.origin().line());
        map.put("column", problem.origin().column());
        map.put("where", problem.where());
        map.put("message", problem.message());
        map.put("advice", problem.advice());
        return map;
    }

    private void effective(Configuration configuration, PrintWriter out) {
        for (SendPort each : configuration.ports()) {
            if (port == null || port.equals(each.name())) {
                out.println("sendPort " + each.name() + " on host " + each.host() + " (" + each.origin() + ")");
                printAttributes(each.written().element(), "  ", out);
                printDefaults(
                        each.written().element(),
                        Map.of(
                                "initialState", each.initialState().word(),
                                "pipeline", each.pipeline().name(),
                                "priority", each.schedule().priority(),
                                "ordered", each.schedule().ordered()),
                        "    ",
                        out);
                each.written().element().children().stream()
                        .filter(child -> !WITH_WHAT_IS_INHERITED.contains(child.element()))
                        .forEach(child -> print(child, "  ", out));
                each.written()
                        .element()
                        .child("retry")
                        .ifPresent(retry -> printDefaults(retry, defaults(each), "    ", out));
                print(each.transport(), "  ", out);
                each.standbys().forEach(standby -> print(standby, "  standby ", out));
                print(each.mail(), "  ", out);
                each.pipeline().preAssemble().forEach(component -> print(component, "  preAssemble ", out));
                each.pipeline().assemble().ifPresent(component -> print(component, "  assemble ", out));
                each.pipeline().encode().forEach(component -> print(component, "  encode ", out));
                each.backup().ifPresent(backup -> {
                    print(backup.transport(), "  backup ", out);
                    each.written()
                            .element()
                            .child("backupTransport")
                            .flatMap(given -> given.child("retry"))
                            .ifPresent(retry -> print(retry, "  backup ", out));
                });
            }
        }
    }

    private static Map<String, Object> defaults(SendPort port) {
        return Map.of(
                "count", port.retry().count(),
                "interval", port.retry().interval(),
                "backoff", port.retry().backoff(),
                "inDoubt", port.retry().hold() ? "hold" : "resend");
    }

    /** Those of {@code values} that nobody wrote. */
    private static void printDefaults(Settings settings, Map<String, Object> values, String indent, PrintWriter out) {
        new TreeMap<>(values).forEach((name, value) -> {
            if (!settings.has(name)) {
                out.println(indent + name + "=\"" + value + "\" (default)");
            }
        });
    }

    private static void print(Settings settings, String indent, PrintWriter out) {
        out.println(indent + settings.element() + " (" + settings.origin() + ")");
        printAttributes(settings, indent, out);
        settings.children().forEach(child -> print(child, indent + "  ", out));
    }

    private static void printAttributes(Settings settings, String indent, PrintWriter out) {
        settings.attributes()
                .forEach((name, setting) ->
                        out.println(indent + "  " + name + "=\"" + setting.shown() + "\" (" + setting.origin() + ")"));
    }
}
