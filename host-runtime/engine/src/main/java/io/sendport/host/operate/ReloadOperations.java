package io.sendport.host.operate;

import io.sendport.host.box.MessageBox;
import io.sendport.host.box.control.Actor;
import io.sendport.host.box.control.Instances;
import io.sendport.host.box.control.Reloads;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Makes running instances reload their configuration. Safe for use by several threads. */
public final class ReloadOperations {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final long POLL_MILLIS = 100;

    private final MessageBox box;

    ReloadOperations(MessageBox box) {
        this.box = box;
    }

    /**
     * The answer of an instance.
     *
     * @param instance the name of the instance
     * @param done whether the instance has applied the configuration; for a dry run, whether it would
     * @param said the text of the answer, one element for each line
     */
    public record Answer(String instance, boolean done, List<String> said) {}

    /**
     * Asks every running instance to reload, and waits for the answers, at most 90 seconds in all.
     *
     * @param dry true to ask what would change, without a change
     * @param to receives the answers, instance by instance; without an answer in time, one that says so
     * @return whether all instances have succeeded
     * @throws RefusedException when no instance is running
     * @throws InterruptedException when the thread is interrupted; instances may still reload
     */
    public boolean reload(boolean dry, Actor actor, Consumer<Answer> to) throws InterruptedException {
        List<Instances.Instance> alive = box.instances().alive();
        if (alive.isEmpty()) {
            throw RefusedException.conflict("no instance is running, so there is nothing to reload");
        }
        Map<String, Long> asked = new LinkedHashMap<>();
        alive.forEach(each -> asked.put(each.id(), box.reloads().ask(each.id(), dry, actor)));
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        boolean all = true;
        for (Map.Entry<String, Long> each : asked.entrySet()) {
            Answer answer = answer(each.getKey(), await(each.getValue(), deadline));
            to.accept(answer);
            all &= answer.done();
        }
        return all;
    }

    private static Answer answer(String instance, Optional<Reloads.Answer> answer) {
        return answer.map(each ->
                        new Answer(instance, each.good(), each.said().lines().toList()))
                .orElseGet(() -> new Answer(
                        instance,
                        false,
                        List.of("no answer within " + TIMEOUT.toSeconds() + " s; the reload may still complete")));
    }

    private Optional<Reloads.Answer> await(long request, long deadline) throws InterruptedException {
        Optional<Reloads.Answer> answer = box.reloads().answerTo(request);
        while (answer.isEmpty() && System.nanoTime() - deadline < 0) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            answer = box.reloads().answerTo(request);
        }
        return answer;
    }
}
