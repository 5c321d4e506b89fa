package io.sendport.host.condition.alert;

import io.sendport.host.condition.ConditionKind;
import io.sendport.support.text.Text;
import java.time.Instant;
import java.util.List;

/**
 * A notice to people about conditions. It groups all conditions that started, ended or still last at the same time.
 *
 * @param id a UUID. It is the same for every channel and every attempt, so that a receiver recognizes a duplicate
 * @param type the reason for the alert
 * @param at when the alert was created
 * @param notes the conditions, most severe first; at least one, except in a test
 */
public record Alert(String id, Type type, Instant at, List<AlertNote> notes) {

    /** The reason for an alert. */
    public enum Type {
        /** Conditions need attention. */
        FIRING,
        /** Conditions are over. */
        RECOVERED,
        /** Conditions that earlier alerts reported still need attention. */
        REMINDER,
        /** An operator tests whether alerts arrive. */
        TEST;

        /** Returns the name in JSON. */
        public String word() {
            return Text.word(this);
        }
    }

    /** Copies the list. */
    public Alert {
        notes = List.copyOf(notes);
    }

    /** Returns whether it only reports that {@code channel} fails. Such an alert is not sent through that channel. */
    public boolean isOnlyAbout(String channel) {
        return !notes.isEmpty()
                && notes.stream()
                        .allMatch(each -> each.kind() == ConditionKind.ALERTS_FAILING
                                && each.subject().equals(channel));
    }
}
