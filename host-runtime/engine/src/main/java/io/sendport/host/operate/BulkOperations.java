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
 * Acts upon all messages that a filter finds, in three steps: they are counted, somebody confirms, and whoever has the time does it. What changes in
 * between is left alone.
 */
public final class BulkOperations {

    private final Messages messages;
    private final MessageBox box;

    BulkOperations(Messages messages, MessageBox box) {
        this.messages = messages;
        this.box = box;
    }

    /**
     * What would be done.
     *
     * @param act the act
     * @param sample some of its messages, the oldest first
     * @param confirm what confirms it, within {@link BulkActs#CONFIRMABLE}
     */
    public record Proposal(BulkAct act, List<MessageView> sample, String confirm) {}

    /**
     * Counts the messages that have not ended and that {@code filter} finds; nothing is done to them.
     *
     * @param text the filter as the person gave it
     * @param authority see {@link BulkAct#authority}
     * @param sample how many messages are shown
     * @throws RefusedException when there are more than a million, or the filter names a port that is none
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
     * Confirms it.
     *
     * @param owner who runs it at once; empty: whoever looks for work
     * @throws RefusedException when it can't be confirmed
     */
    public void confirm(String id, String confirm, Optional<String> owner) {
        box.bulkActs().confirm(id, confirm, owner).ifPresent(why -> {
            throw RefusedException.conflict(why);
        });
    }

    /**
     * The act of that id.
     *
     * @throws RefusedException when there is none
     */
    public BulkAct find(String id) {
        return box.bulkActs().find(id).orElseThrow(() -> RefusedException.notFound("there is no such act on messages"));
    }

    /** The newest ones. */
    public List<BulkAct> newest(int most) {
        return box.bulkActs().newest(most);
    }

    /**
     * Stops it where it is; what was done stays done.
     *
     * @throws RefusedException when it has ended already
     */
    public void stop(String id, String why) {
        if (!box.bulkActs().stop(id, why)) {
            throw RefusedException.conflict("the act has ended already");
        }
    }

    /** As {@link #stop}, by whoever ran it; one that has ended already stays as it is. */
    public boolean breakOff(String id) {
        return box.bulkActs().stop(id, "interrupted");
    }

    /** One that was confirmed, that nobody works on and that {@code owner} can do, for it to run. */
    public Optional<BulkAct> next(String owner, Predicate<BulkAct> fits) {
        return box.bulkActs().claim(owner, fits);
    }

    /**
     * Does some of it.
     *
     * @param may whether the actor may act at a port, looked at anew for each message
     * @param left told of each message that is left alone
     * @return whether there may be more to do for {@code owner}
     */
    public boolean go(BulkAct act, String owner, Predicate<String> may, Consumer<BulkActs.Left> left) {
        BulkActs.Batch batch = box.bulkActs().batch(act, owner, may);
        batch.left().forEach(left);
        return batch.more();
    }
}
