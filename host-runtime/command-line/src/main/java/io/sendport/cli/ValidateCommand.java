package io.sendport.cli;

import io.sendport.api.settings.Problem;
import io.sendport.cli.option.CommonOptions;
import io.sendport.cli.output.ExitStatus;
import io.sendport.config.Configuration;
import io.sendport.config.read.Reading;
import io.sendport.host.operate.Json;
import io.sendport.host.operate.check.EffectiveSettings;
import io.sendport.host.pipeline.Extensions;
import io.sendport.host.process.Validation;
import java.io.PrintWriter;
import java.util.List;
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
        description = "Checks a configuration and lists all problems at once, each with file, line and column.",
        footer = {
            "",
            "Examples:",
            "  sendport validate -c config/quickstart.xml",
            "  sendport validate --effective --port Invoices      show the settings of a port and their origins"
        })
final class ValidateCommand implements Callable<Integer> {

    @Mixin
    private CommonOptions setup = new CommonOptions();

    @Option(names = "--strict", description = "Exit with status 1 if there are warnings.")
    private boolean strict;

    @Option(
            names = "--effective",
            description =
                    "Print the settings of each port and of alerts, and the origin of each value; secrets are masked.")
    private boolean effective;

    @Option(
            names = "--no-plugins",
            description =
                    "Run no plug-in code. Settings of plug-in components are checked, but no component is created.")
    private boolean noPlugins;

    @Option(names = "--port", paramLabel = "NAME", description = "With --effective: print only this port.")
    private @Nullable String port;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Reading reading = setup.read();
        Validation validation = new Validation(Extensions.of(CommonOptions.plugins()));
        List<Problem> problems = (noPlugins ? validation : validation.tryingOut()).validate(reading);
        problems.forEach(problem -> out.println(setup.json() ? Json.write(Json.fields(problem)) : problem.toString()));
        long errors = problems.stream().filter(Problem::isError).count();
        if (effective) {
            reading.configuration().ifPresent(configuration -> effective(configuration, out));
        }
        if (!setup.json() && problems.isEmpty()) {
            out.println(setup.file() + ": no problems found");
        }
        if (errors > 0) {
            return ExitStatus.USAGE;
        }
        return strict && !problems.isEmpty() ? ExitStatus.WRONG : ExitStatus.DONE;
    }

    private void effective(Configuration configuration, PrintWriter out) {
        configuration.ports().stream()
                .filter(each -> port == null || port.equals(each.name()))
                .flatMap(each -> EffectiveSettings.of(each).stream())
                .forEach(out::println);
        if (port == null) {
            configuration.alerts().ifPresent(alerts -> EffectiveSettings.of(alerts)
                    .forEach(out::println));
        }
    }
}
