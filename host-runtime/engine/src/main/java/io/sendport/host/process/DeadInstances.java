package io.sendport.host.process;

import io.sendport.api.message.MessageId;
import io.sendport.host.box.Claims;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageRow;
import io.sendport.host.box.Suspects;
import io.sendport.host.decide.Terms;
import io.sendport.host.process.files.PipelineJournal;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes over the messages of dead instances on any machine, and records the messages that may have crashed such a process. */
final class DeadInstances {

    private static final Logger LOG = LoggerFactory.getLogger(DeadInstances.class);

    private final MessageBox box;
    private final boolean isAlone;
    private final PipelineJournal journal;

    /**
     * Takes over messages in {@code box}.
     *
     * @param isAlone whether no other process can use {@code box}
     * @param journal has the messages that ended processes of this machine had in their pipelines
     */
    DeadInstances(MessageBox box, boolean isAlone, PipelineJournal journal) {
        this.box = box;
        this.isAlone = isAlone;
        this.journal = journal;
    }

    /**
     * Takes over the messages of dead instances. If other processes may run, first declares instances dead whose lease has lapsed.
     *
     * @param own the instances of this process
     * @param terms gives the retry and backup terms of a message
     * @return whether messages were taken over
     */
    boolean takeOver(Set<String> own, Function<MessageRow, Terms> terms) {
        if (!isAlone) {
            log(box.instances().declareLapsedDead(own));
        }
        List<Claims.Taken> taken = box.claims().takeOver(terms, !isAlone);
        if (taken.isEmpty()) {
            return false;
        }
        LOG.warn(
                "Took over messages from instances that died: {}. Where an attempt was open, it is unknown whether the mail was"
                        + " sent, and inDoubt of the port decides whether it is sent again",
                taken.size());
        if (!isAlone) {
            taken.stream()
                    .filter(each -> !each.attempted())
                    .collect(Collectors.groupingBy(
                            each -> process(each.owner()),
                            Collectors.mapping(Claims.Taken::message, Collectors.toSet())))
                    .forEach(this::recordSuspectsOf);
        }
        return true;
    }

    /** The process part of an instance name, which follows the host name. */
    private static String process(String instance) {
        return instance.substring(instance.lastIndexOf('@') + 1);
    }

    /**
     * Records the messages that {@code process} had in its pipelines. If its file is not on this machine, all claimed messages may
     * have been in a pipeline, because they had no open attempt.
     */
    private void recordSuspectsOf(String process, Set<MessageId> taken) {
        Optional<List<Suspects.Suspect>> known = journal.suspectsOf(process);
        if (known.isEmpty()) {
            recordSuspects(
                    taken.stream()
                            .map(each -> new Suspects.Suspect(each, "", ""))
                            .toList(),
                    taken.size() == 1);
            return;
        }
        List<Suspects.Suspect> inPipelines = known.get().stream()
                .filter(each -> taken.contains(each.message()))
                .toList();
        // Use the size of the whole file, because another process may have taken over some of its messages.
        recordSuspects(inPipelines, known.get().size() == 1);
        Set<MessageId> cleared = new HashSet<>(taken);
        inPipelines.forEach(each -> cleared.remove(each.message()));
        box.suspects().release(cleared);
    }

    /** Records messages that were in a pipeline when the last process died, on a store with a single process. */
    void recordSuspects(List<Suspects.Suspect> suspects) {
        recordSuspects(suspects, suspects.size() == 1);
    }

    private void recordSuspects(List<Suspects.Suspect> suspects, boolean alone) {
        if (suspects.isEmpty()) {
            return;
        }
        LOG.warn(
                "Messages that were in a pipeline when a process died: {} ({}). Each will run alone, before other messages."
                        + " Nothing needs to be done: a message that ends the process twice while it runs alone is suspended",
                suspects.size(),
                suspects);
        box.suspects()
                .died(suspects, alone)
                .forEach(message -> LOG.error(
                        "suspended message {}: the process died twice while only this message was in a pipeline."
                                + " `sendport messages explain {}` shows the stage and the component, if they are known."
                                + " Correct the component, then resume the message",
                        message,
                        message));
    }

    /** Logs dead instances. */
    static void log(List<String> dead) {
        dead.forEach(each -> LOG.warn("instance {} has died", each));
    }
}
