package io.sendport.host.condition.alert;

import io.sendport.host.condition.ConditionKind;
import java.time.Instant;
import java.util.Optional;

/**
 * The progress of one condition towards an alert, and after it.
 *
 * @param subject the name of the affected subject; if the condition concerns several ports, one of them
 * @param state the present state
 * @param since when it entered this state
 * @param announcedAt when the last alert about it was created; empty while it is pending
 * @param note the condition as it was in the last alert, or when it was last seen
 */
public record AlertProgress(
        String subject, AlertState state, Instant since, Optional<Instant> announcedAt, AlertNote note) {

    /** Identifies the progress of one condition. */
    record Key(ConditionKind kind, String subject) {}

    Key key() {
        return new Key(note.kind(), subject);
    }

    /** Returns a copy that is in another state since {@code at}. */
    AlertProgress inState(AlertState other, Instant at) {
        return new AlertProgress(subject, other, at, announcedAt, note);
    }

    /** Returns a copy for which an alert was created at {@code at}. */
    AlertProgress alerted(Instant at) {
        return new AlertProgress(subject, AlertState.ALERTED, since, Optional.of(at), note);
    }

    /** Returns a copy with another note. */
    AlertProgress withNote(AlertNote other) {
        return new AlertProgress(subject, state, since, announcedAt, other);
    }

    /** Returns whether at most the note differs. A changed note alone is not stored; it is stored with the next change of state. */
    public boolean isLike(AlertProgress other) {
        return key().equals(other.key())
                && state == other.state
                && since.equals(other.since)
                && announcedAt.equals(other.announcedAt);
    }
}
