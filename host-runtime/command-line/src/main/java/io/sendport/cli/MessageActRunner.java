package io.sendport.cli;

import io.sendport.cli.option.ActOptions;
import io.sendport.cli.output.ExitStatus;
import io.sendport.host.box.MessageAct;
import io.sendport.host.box.MessageFilter;
import io.sendport.host.operate.BulkOperations;
import io.sendport.host.operate.Json;
import io.sendport.host.operate.MessageView;
import io.sendport.host.operate.Messages;
import io.sendport.host.operate.Refusal;
import io.sendport.support.text.Text;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/** Acts on messages and prints the result. */
final class MessageActRunner {

    private final CommandLine line;
    private final ActOptions options;
    private final List<MessageAct> acts;
    private final String verb;

    /** Performs {@code acts} one after the other; {@code verb} names them in output. */
    MessageActRunner(CommandLine line, ActOptions options, List<MessageAct> acts, String verb) {
        this.line = line;
        this.options = options;
        this.acts = List.copyOf(acts);
        this.verb = verb;
    }

    int onEach(Messages messages, List<MessageView> found) {
        int done = 0;
        for (MessageView each : found) {
            Optional<Refusal> refusal = messages.act(acts, each.id().value(), options.actor());
            refusal.ifPresent(why -> line.getErr().println("sendport: " + why.text()));
            done += refusal.isEmpty() ? 1 : 0;
        }
        return summarize(done, found.size());
    }

    /** Acts on all messages of the filter. Skips messages that change between the confirmation and the act. */
    int onAll(BulkOperations bulk, MessageFilter which) {
        BulkOperations.Proposal proposal = bulk.count(acts, which, Json.write(which), options.actor(), "", 0);
        String id = proposal.act().id();
        long total = proposal.act().total();
        if (total > 0
                && !confirmed(bulk, id, verb + " " + Text.counted(total, "message") + "? " + MessageAct.effect(acts))) {
            return ExitStatus.USAGE;
        }
        String owner = options.actor().name() + " " + id;
        bulk.confirm(id, proposal.confirm(), Optional.of(owner));
        // An act that a person interrupts must not continue elsewhere.
        Thread hook = new Thread(() -> bulk.interrupt(id), "sendport-interrupted");
        Runtime.getRuntime().addShutdownHook(hook);
        boolean isOver = false;
        try {
            boolean more = true;
            while (more) {
                more = bulk.runBatch(proposal.act(), owner, port -> true, each -> line.getErr()
                        .println("sendport: message " + each.id() + ": " + each.why()));
            }
            isOver = true;
        } finally {
            Runtime.getRuntime().removeShutdownHook(hook);
            if (!isOver) {
                bulk.interrupt(id);
            }
        }
        return summarize(bulk.find(id).done(), total);
    }

    private boolean confirmed(BulkOperations bulk, String id, String question) {
        boolean confirmed = false;
        try {
            confirmed = options.confirmed(question);
        } finally {
            if (!confirmed) {
                bulk.stop(id, "not confirmed");
            }
        }
        return confirmed;
    }

    private int summarize(long done, long all) {
        line.getOut().println(verb + ": " + done + " of " + Text.counted(all, "message"));
        return done == all ? ExitStatus.DONE : ExitStatus.WRONG;
    }
}
