package io.sendport.host.box;

import io.sendport.host.box.control.Actor;
import io.sendport.support.text.Text;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An act upon all messages that a filter found. Immutable; null is allowed nowhere.
 *
 * @param id its name
 * @param acts what is done to each, one after the other
 * @param filter as the person gave it
 * @param actor who, and why
 * @param authority what the right to it rests on; empty for whoever can reach the store itself
 * @param state how far it is
 * @param countedAt when the messages were counted
 * @param total how many were counted
 * @param done how many were acted upon
 * @param changed how many were left alone, since they had changed after they were counted
 * @param refused how many were left alone, since their state or the actor's rights did not allow it
 * @param endedAt when it ended
 * @param why it was stopped; empty otherwise
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

    /** How far it is. */
    public enum State {
        /** Counted, and not confirmed: nothing is done. */
        COUNTED,
        /** Somebody runs it, or will when the one who did has died. */
        RUNNING,
        /** All that were counted were looked at. */
        DONE,
        /** A person stopped it, or the right to it ended. */
        STOPPED;

        /** The state as users see it. */
        public String word() {
            return Text.word(this);
        }
    }
}
