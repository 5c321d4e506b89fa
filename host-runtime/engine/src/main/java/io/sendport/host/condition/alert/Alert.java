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
public record Alert(String subject, AlertState state, Instant since, Optional<Instant> announcedAt, AlertNote note) {

    /** What tells alerts apart. */
    record Key(ConditionKind kind, String subject) {}

    Key key() {
        return new Key(note.kind(), subject);
    }

    Alert in(AlertState other, Instant at) {
        return new Alert(subject, other, at, announcedAt, note);
    }

    Alert announced(Instant at) {
        return new Alert(subject, AlertState.ALERTED, since, Optional.of(at), note);
    }

    Alert with(AlertNote other) {
        return new Alert(subject, state, since, announcedAt, other);
    }

    /** Whether it differs only in its texts, which are written down when the state changes. */
    public boolean isLike(Alert other) {
        return key().equals(other.key())
                && state == other.state
                && since.equals(other.since)
                && announcedAt.equals(other.announcedAt);
    }
}
