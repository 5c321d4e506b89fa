package io.sendport.host.operate;

import io.sendport.host.box.BulkAct;
import io.sendport.host.box.BulkActs;
import io.sendport.host.box.MessageAct;
import io.sendport.host.box.MessageBox;
import io.sendport.host.box.MessageFilter;
import io.sendport.host.box.control.Actor;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Acts on all messages that a filter finds, in three steps: Sendport counts the messages, the operator confirms the act, and a process runs
 * it. Skips messages that change meanwhile. Safe for use by several threads.
 */
public final class BulkOperations {

    private final Messages messages;
    private final MessageBox box;

    BulkOperations(Messages messages, MessageBox box) {
        this.messages = messages;
        this.box = box;
    }

    /**
     * An act that an operator can confirm.
     *
     * @param act the act
     * @param sample some of its messages, oldest first
     * @param confirm the token that confirms the act, valid for {@link BulkActs#CONFIRMABLE}
     */
    public record Proposal(BulkAct act, List<MessageView> sample, String confirm) {}

    /**
     * Counts the messages that {@code filter} finds, without changing them. Includes ended messages only for hold and release.
     *
     * @param acts the acts to perform on each message, in order
     * @param text the filter as the operator entered it
     * @param authority see {@link BulkAct#authority}
     * @param sample the maximum number of messages in the sample
     * @throws RefusedException when there are more than a million messages, or the filter names an unknown port
     */
    public Proposal count(
            List<MessageAct> acts, MessageFilter filter, String text, Actor actor, String authority, int sample) {
        try {
            BulkActs.Counted counted =
                    box.bulkActs().count(acts, messages.resolvePorts(filter), text, actor, authority);
            return new Proposal(
                    counted.act(),
                    box.bulkActs().sample(counted.act().id(), sample).stream()
                            .map(MessageView::of)
                            .toList(),
                    counted.confirm());
        } catch (BulkActs.TooManyException e) {
            throw new RefusedException(new Refusal.Invalid(String.valueOf(e.getMessage())), e);
        }
    }

    /**
     * Confirms an act, so that it can run.
     *
     * @param confirm the token of the proposal
     * @param owner the process that runs the act at once; empty for any process that asks for {@link #next}
     * @throws RefusedException when the act cannot be confirmed
     */
    public void confirm(String id, String confirm, Optional<String> owner) {
        box.bulkActs().confirm(id, confirm, owner).ifPresent(why -> {
            throw RefusedException.conflict(why);
        });
    }

    /**
     * Returns the act with the id {@code id}.
     *
     * @throws RefusedException when the act does not exist
     */
    public BulkAct find(String id) {
        return box.bulkActs()
                .find(id)
                .orElseThrow(() -> RefusedException.notFound("a bulk act with this id does not exist"));
    }

    /** Returns the newest acts, at most {@code limit}. */
    public List<BulkAct> newest(int limit) {
        return box.bulkActs().newest(limit);
    }

    /**
     * Stops an act. Messages that it has changed stay changed.
     *
     * @param why the reason, for operators
     * @throws RefusedException when the act has already ended
     */
    public void stop(String id, String why) {
        if (!box.bulkActs().stop(id, why)) {
            throw RefusedException.conflict("the act has already ended");
        }
    }

    /** Stops an act because the process that runs it is interrupted. Returns false if the act has already ended. */
    public boolean interrupt(String id) {
        return box.bulkActs().stop(id, "interrupted");
    }

    /** Claims a confirmed act for {@code owner} that no process runs and that {@code fits} accepts; empty if there is none. */
    public Optional<BulkAct> next(String owner, Predicate<BulkAct> fits) {
        return box.bulkActs().claim(owner, fits);
    }

    /**
     * Runs the next batch of an act.
     *
     * @param may tells whether the actor may act on a port; checked again for each message
     * @param left receives each message that is skipped
     * @return whether {@code owner} may have more to do
     */
    public boolean runBatch(BulkAct act, String owner, Predicate<String> may, Consumer<BulkActs.Left> left) {
        BulkActs.Batch batch = box.bulkActs().batch(act, owner, may);
        batch.left().forEach(left);
        return batch.more();
    }
}
