package io.sendport.host.box;

import io.sendport.host.box.control.Actor;
import io.sendport.support.text.Text;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An act on all messages that a filter found. Immutable; no field may be null.
 *
 * @param id the act's id
 * @param acts what is done to each message, in this order
 * @param filter the filter as the operator entered it
 * @param actor the operator and the reason
 * @param authority the basis of the actor's right; empty for a person with direct access to the store
 * @param state its progress
 * @param countedAt when the messages were counted
 * @param total how many were counted
 * @param done how many were changed
 * @param changed how many were skipped because they had changed after the count
 * @param refused how many were skipped because their state or the actor's rights did not allow the act
 * @param endedAt when it ended
 * @param why why it was stopped; empty otherwise
 */
public record BulkAct(
        String id,
        List<MessageAct> acts,
        String filter,
        Actor actor,
        String authority,
        State state,
        Instant countedAt,
        long total,
        long done,
        long changed,
        long refused,
        Optional<Instant> endedAt,
        String why) {

    /** The progress of the act. */
    public enum State {
        /** Counted but not confirmed: nothing is done. */
        COUNTED,
        /** Running, or waiting for another process after the one that ran it died. */
        RUNNING,
        /** All counted messages were processed. */
        DONE,
        /** An operator stopped it, or the right to it ended. */
        STOPPED;

        /** The state as users see it. */
        public String word() {
            return Text.word(this);
        }
    }
}
