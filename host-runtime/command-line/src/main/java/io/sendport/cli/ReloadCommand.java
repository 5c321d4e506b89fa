package io.sendport.cli;

import io.sendport.cli.option.ActOptions;
import io.sendport.cli.option.Setup;
import io.sendport.cli.output.ExitStatus;
import io.sendport.host.operate.Json;
import io.sendport.host.operate.Operations;
import io.sendport.host.operate.RefusedException;
import io.sendport.host.operate.Reloading;
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
            "Has every instance that runs take over its changed configuration, and waits for what it says.",
            "Only ports that are touched by the change restart, after their attempts under way. Where anything is wrong"
                    + " nothing changes. Instances notice a changed file by themselves as well; this tells what came of it."
        },
        footer = {
            "",
            "Exit status 1 when an instance did not take it over.",
            "",
            "Examples:",
            "  sendport reload --dry-run",
            "  sendport reload --reason \"password corrected\""
        })
final class ReloadCommand implements Callable<Integer> {

    @Mixin
    private Setup setup = new Setup();

    @Mixin
    private ActOptions act = new ActOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        try (Operations operations = setup.changing()) {
            return operations.reloading().reload(act.dryRun(), act.actor(), this::tell)
                    ? ExitStatus.DONE
                    : ExitStatus.WRONG;
        } catch (RefusedException e) {
            spec.commandLine().getErr().println("sendport: " + e.getMessage());
            return ExitStatus.WRONG;
        }
    }

    private void tell(Reloading.Answer answer) {
        PrintWriter out = spec.commandLine().getOut();
        if (setup.json()) {
            out.println(
                    Json.write(new Reloading.Answer(answer.instance(), answer.done() && !act.dryRun(), answer.said())));
        } else {
            String would = act.dryRun() && answer.done() ? "would take over: " : "";
            answer.said().forEach(line -> out.println(answer.instance() + ": " + would + line));
        }
    }
}
