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
 * Acts on all messages that a filter finds, in three steps: the messages are counted, the operator confirms, and any process with
 * time runs the act. Messages that change in between are skipped.
 */
public final class BulkOperations {

    private final Messages messages;
    private final MessageBox box;

    BulkOperations(Messages messages, MessageBox box) {
        this.messages = messages;
        this.box = box;
    }

    /**
     * A proposed act.
     *
     * @param act the act
     * @param sample some of its messages, the oldest first
     * @param confirm the token that confirms it, within {@link BulkActs#CONFIRMABLE}
     */
    public record Proposal(BulkAct act, List<MessageView> sample, String confirm) {}

    /**
     * Counts the messages that {@code filter} finds, without changing them; ended ones only for hold and release.
     *
     * @param text the filter as the operator entered it
     * @param authority see {@link BulkAct#authority}
     * @param sample how many messages to show
     * @throws RefusedException when there are more than a million, or the filter names an unknown port
     */
    public Proposal count(
            List<MessageAct> acts, MessageFilter filter, String text, Actor actor, String authority, int sample) {
        try {
            BulkActs.Counted counted = box.bulkActs().count(acts, messages.known(filter), text, actor, authority);
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
     * Confirms an act.
     *
     * @param owner the process that runs it at once; empty for any process that looks for work
     * @throws RefusedException when it cannot be confirmed
     */
    public void confirm(String id, String confirm, Optional<String> owner) {
        box.bulkActs().confirm(id, confirm, owner).ifPresent(why -> {
            throw RefusedException.conflict(why);
        });
    }

    /**
     * The act with that id.
     *
     * @throws RefusedException when it does not exist
     */
    public BulkAct find(String id) {
        return box.bulkActs()
                .find(id)
                .orElseThrow(() -> RefusedException.notFound("a bulk act with this id does not exist"));
    }

    /** The newest acts. */
    public List<BulkAct> newest(int most) {
        return box.bulkActs().newest(most);
    }

    /**
     * Stops an act at its current position; changes already made stay.
     *
     * @throws RefusedException when it has already ended
     */
    public void stop(String id, String why) {
        if (!box.bulkActs().stop(id, why)) {
            throw RefusedException.conflict("the act has already ended");
        }
    }

    /** As {@link #stop}, by the process that ran it; an act that has already ended stays unchanged. */
    public boolean breakOff(String id) {
        return box.bulkActs().stop(id, "interrupted");
    }

    /** Claims a confirmed act that no process works on and that {@code owner} can run. */
    public Optional<BulkAct> next(String owner, Predicate<BulkAct> fits) {
        return box.bulkActs().claim(owner, fits);
    }

    /**
     * Runs a part of an act.
     *
     * @param may whether the actor may act on a port, checked again for each message
     * @param left receives each message that is skipped
     * @return whether {@code owner} may have more to do
     */
    public boolean go(BulkAct act, String owner, Predicate<String> may, Consumer<BulkActs.Left> left) {
        BulkActs.Batch batch = box.bulkActs().batch(act, owner, may);
        batch.left().forEach(left);
        return batch.more();
    }
}
