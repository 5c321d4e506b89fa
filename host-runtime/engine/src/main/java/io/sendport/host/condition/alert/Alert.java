package io.sendport.host.condition.alert;

import io.sendport.host.condition.ConditionKind;
import io.sendport.support.text.Text;
import java.time.Instant;
import java.util.List;

/**
 * One message to people: everything of one type that changed together.
 *
 * @param id a UUID; the same whenever and wherever the message is sent, so that a receiver recognizes a repetition
 * @param type what it says
 * @param at when it was made
 * @param notes the conditions, the most severe first; at least one, except in a test
 */
public record Alert(String id, Type type, Instant at, List<AlertNote> notes) {

    /** What a message says. */
    public enum Type {
        /** Conditions need attention. */
        FIRING,
        /** Conditions are over. */
        RECOVERED,
        /** Conditions of earlier alerts still need attention. */
        REMINDER,
        /** An operator tries whether messages arrive. */
        TEST;

        /** The name in JSON. */
        public String word() {
            return Text.word(this);
        }
    }

    /** Copies the list. */
    public Alert {
        notes = List.copyOf(notes);
    }

    /** Whether it says only that alerts by {@code channel} fail, which that channel need not tell. */
    public boolean isOnlyAbout(String channel) {
        return !notes.isEmpty()
                && notes.stream()
                        .allMatch(each -> each.kind() == ConditionKind.ALERTS_FAILING
                                && each.subject().equals(channel));
    }
}
