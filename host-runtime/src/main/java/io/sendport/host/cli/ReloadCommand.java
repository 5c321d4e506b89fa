package io.sendport.host.cli;

import io.sendport.host.box.Instances;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.Reloads;
import io.sendport.host.store.Store;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
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
        footer = {"", "Exit status 1 when an instance did not take it over."})
final class ReloadCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @Mixin
    private Setup setup = new Setup();

    @Mixin
    private ActOptions act = new ActOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        try (MessageBox box = setup.open(setup.routing(), Store.Access.WRITE)) {
            List<Instances.Instance> alive = box.instances().alive();
            if (alive.isEmpty()) {
                spec.commandLine().getErr().println("sendport: no instance runs, so there is nothing to reload");
                return ExitStatus.WRONG;
            }
            Map<String, Long> asked = new LinkedHashMap<>();
            alive.forEach(each -> asked.put(each.id(), box.reloads().ask(each.id(), act.dryRun(), act.actor())));
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            boolean good = true;
            for (Map.Entry<String, Long> each : asked.entrySet()) {
                good &= tell(each.getKey(), answer(box, each.getValue(), deadline), out);
            }
            return good ? ExitStatus.DONE : ExitStatus.WRONG;
        }
    }

    private static Optional<Reloads.Answer> answer(MessageBox box, long wish, long deadline)
            throws InterruptedException {
        Optional<Reloads.Answer> answer = box.reloads().answerTo(wish);
        while (answer.isEmpty() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(100);
            answer = box.reloads().answerTo(wish);
        }
        return answer;
    }

    private boolean tell(String instance, Optional<Reloads.Answer> answer, PrintWriter out) {
        String said = answer.map(Reloads.Answer::said)
                .orElse("has not answered within " + PATIENCE.toSeconds() + " s; it may still do it");
        boolean good = answer.filter(Reloads.Answer::good).isPresent();
        if (setup.json()) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("instance", instance);
            map.put("done", good && !act.dryRun());
            map.put("said", said.lines().toList());
            out.println(Output.json(map));
        } else {
            said.lines()
                    .forEach(line ->
                            out.println(instance + ": " + (act.dryRun() && good ? "would take over: " : "") + line));
        }
        return good;
    }
}
