package io.sendport.host.condition.alert;

import io.sendport.host.condition.ConditionKind;
import java.time.Instant;
import java.util.Optional;

/**
 * What became of one condition so far.
 *
 * @param subject the name of what it concerns; one port where the condition concerns several
 * @param state how far it has come
 * @param since when it came into this state
 * @param announcedAt when the last message about it was made; empty while it is pending
 * @param note the condition as it was in the last message, or when it was last seen
 */
public record AlertProgress(
        String subject, AlertState state, Instant since, Optional<Instant> announcedAt, AlertNote note) {

    /** What tells alerts apart. */
    record Key(ConditionKind kind, String subject) {}

    Key key() {
        return new Key(note.kind(), subject);
    }

    AlertProgress in(AlertState other, Instant at) {
        return new AlertProgress(subject, other, at, announcedAt, note);
    }

    AlertProgress announced(Instant at) {
        return new AlertProgress(subject, AlertState.ALERTED, since, Optional.of(at), note);
    }

    AlertProgress with(AlertNote other) {
        return new AlertProgress(subject, state, since, announcedAt, other);
    }

    /** Whether it differs only in its texts, which are written down when the state changes. */
    public boolean isLike(AlertProgress other) {
        return key().equals(other.key())
                && state == other.state
                && since.equals(other.since)
                && announcedAt.equals(other.announcedAt);
    }
}
