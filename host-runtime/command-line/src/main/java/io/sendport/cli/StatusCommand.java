package io.sendport.cli;

import io.sendport.api.settings.ByteSize;
import io.sendport.cli.option.Setup;
import io.sendport.cli.output.ExitStatus;
import io.sendport.host.operate.Ages;
import io.sendport.host.operate.Json;
import io.sendport.host.operate.Operations;
import io.sendport.host.operate.StatusView;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sendport status}. */
@Command(
        name = "status",
        description =
                "Is everything leaving? Instances alive, ports that need a person and why, the oldest message, the disk.",
        footer = {"", "Exit status 1 when something needs a person."})
final class StatusCommand implements Callable<Integer> {

    @Mixin
    private Setup setup = new Setup();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (Operations operations = setup.reading()) {
            StatusView status = operations.status().now();
            if (setup.json()) {
                out.println(Json.write(status));
            } else {
                print(status, out);
            }
            return status.needsPerson().isEmpty() ? ExitStatus.DONE : ExitStatus.WRONG;
        }
    }

    private static void print(StatusView status, PrintWriter out) {
        out.println(
                switch (status.needsPerson().size()) {
                    case 0 -> "everything is leaving";
                    case 1 -> "1 thing needs a person";
                    default -> status.needsPerson().size() + " things need a person";
                });
        status.needsPerson().forEach(each -> out.println("  " + each));
        out.println(
                "instances   " + (status.instances().isEmpty() ? "none alive" : String.join(", ", status.instances())));
        out.println("oldest      "
                + (status.oldestSeconds().isPresent()
                        ? Ages.brief(Duration.ofSeconds(status.oldestSeconds().getAsLong()))
                        : "nothing waits"));
        status.suspended()
                .forEach(each ->
                        out.println("suspended   " + each.count() + " at " + each.port() + ": " + each.error()));
        out.println("disk        "
                + (status.freeBytes().isPresent()
                        ? ByteSize.format(status.freeBytes().getAsLong()) + " free"
                        : "of the database, not seen from here"));
        out.println("checkpoint  " + status.lastCheckpoint().orElse("none yet"));
        status.warnings().forEach(fault -> out.println("warning     " + fault));
    }
}
