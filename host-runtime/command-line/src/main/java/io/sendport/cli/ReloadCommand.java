package io.sendport.cli;

import io.sendport.cli.option.ActOptions;
import io.sendport.cli.option.CommonOptions;
import io.sendport.cli.output.ExitStatus;
import io.sendport.host.operate.Json;
import io.sendport.host.operate.Operations;
import io.sendport.host.operate.RefusedException;
import io.sendport.host.operate.ReloadOperations;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sendport reload}. */
@Command(
        name = "reload",
        description = {
            "Reloads the configuration in every running host instance and prints each result.",
            "Only ports that the change affects restart, after their current attempts have finished. If the configuration has"
                    + " an error, nothing changes. Instances also notice a changed file without this command."
        },
        footer = {
            "",
            "Exit status 1 if an instance did not apply the new configuration.",
            "",
            "Examples:",
            "  sendport reload --dry-run",
            "  sendport reload --reason \"password corrected\""
        })
final class ReloadCommand implements Callable<Integer> {

    @Mixin
    private CommonOptions setup = new CommonOptions();

    @Mixin
    private ActOptions act = new ActOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        try (Operations operations = setup.changing()) {
            return operations.reloading().reload(act.dryRun(), act.actor(), this::print)
                    ? ExitStatus.DONE
                    : ExitStatus.WRONG;
        } catch (RefusedException e) {
            spec.commandLine().getErr().println("sendport: " + e.getMessage());
            return ExitStatus.WRONG;
        }
    }

    private void print(ReloadOperations.Answer answer) {
        PrintWriter out = spec.commandLine().getOut();
        if (setup.json()) {
            out.println(Json.write(
                    new ReloadOperations.Answer(answer.instance(), answer.done() && !act.dryRun(), answer.said())));
        } else {
            String prefix = act.dryRun() && answer.done() ? "dry run: " : "";
            answer.said().forEach(line -> out.println(answer.instance() + ": " + prefix + line));
        }
    }
}
