package io.sendport.host.condition.alert;

import io.sendport.host.condition.Condition;
import io.sendport.host.condition.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * One look at the conditions, and what follows from it. A condition becomes pending, makes an alert once it has lasted, recovers when it is
 * gone, and is announced as over once it has stayed away. If it comes back while it recovers, no new alert follows.
 *
 * @param alerts all alerts afterwards; a condition without one is quiet
 * @param announcements the messages to send, in their order
 */
public record AlertEvaluation(List<AlertProgress> alerts, List<Alert> announcements) {

    private static final Comparator<AlertNote> WORST_FIRST = Comparator.comparing(AlertNote::severity)
            .reversed()
            .thenComparing(AlertNote::kind)
            .thenComparing(AlertNote::subject);

    /** Copies the lists. */
    public AlertEvaluation {
        alerts = List.copyOf(alerts);
        announcements = List.copyOf(announcements);
    }

    /**
     * The turn at {@code now}.
     *
     * @param known the alerts after the previous turn
     * @param present all present conditions; those for information raise no alert
     * @param ids makes the id of a message
     */
    public static AlertEvaluation of(
            Collection<AlertProgress> known,
            Collection<Condition> present,
            AlertTimes times,
            Instant now,
            Supplier<String> ids) {
        return new Turn(times, now, ids).of(known, present);
    }

    /** A turn while it is made. */
    private static final class Turn {
        private final AlertTimes times;
        private final Instant now;
        private final Supplier<String> ids;
        private final Map<AlertProgress.Key, AlertProgress> alerts = new LinkedHashMap<>();
        private final List<Alert> announcements = new ArrayList<>();

        Turn(AlertTimes times, Instant now, Supplier<String> ids) {
            this.times = times;
            this.now = now;
            this.ids = ids;
        }

        AlertEvaluation of(Collection<AlertProgress> known, Collection<Condition> present) {
            // A clock that was set back must not delay an alert by more than its time.
            known.forEach(
                    each -> alerts.put(each.key(), each.since().isAfter(now) ? each.in(each.state(), now) : each));
            Map<AlertProgress.Key, AlertNote> seen = seen(present);
            seen.forEach(this::isPresent);
            List.copyOf(alerts.values()).stream()
                    .filter(each -> !seen.containsKey(each.key()))
                    .forEach(this::isGone);
            recovered();
            fired();
            remind();
            return new AlertEvaluation(List.copyOf(alerts.values()), announcements);
        }

        private static Map<AlertProgress.Key, AlertNote> seen(Collection<Condition> present) {
            Map<AlertProgress.Key, AlertNote> seen = new LinkedHashMap<>();
            for (Condition each : Condition.merged(present)) {
                if (each.severity() != Severity.INFO) {
                    AlertNote note = AlertNote.of(each);
                    AlertNote.subjects(each)
                            .forEach(subject -> seen.putIfAbsent(new AlertProgress.Key(each.kind(), subject), note));
                }
            }
            return seen;
        }

        private void isPresent(AlertProgress.Key key, AlertNote note) {
            alerts.compute(key, (same, known) -> {
                if (known == null) {
                    return new AlertProgress(key.subject(), AlertState.PENDING, now, Optional.empty(), note);
                }
                AlertProgress seen = known.with(note);
                return known.state() == AlertState.RECOVERING ? seen.in(AlertState.ALERTED, now) : seen;
            });
        }

        private void isGone(AlertProgress alert) {
            switch (alert.state()) {
                case PENDING -> alerts.remove(alert.key());
                case ALERTED -> alerts.put(alert.key(), alert.in(AlertState.RECOVERING, now));
                case RECOVERING -> {
                    // It stays until it has been calm for long enough.
                }
            }
        }

        private void recovered() {
            List<AlertProgress> due = due(AlertState.RECOVERING, times.calm());
            due.forEach(each -> alerts.remove(each.key()));
            announce(Alert.Type.RECOVERED, due, each -> each.note().of(each.subject()));
        }

        private void fired() {
            List<AlertProgress> due = due(AlertState.PENDING, times.pending());
            tell(Alert.Type.FIRING, due, each -> each.in(AlertState.ALERTED, now));
        }

        /** One reminder tells all, so that there is one a day and not one for each condition. */
        private void remind() {
            Predicate<AlertProgress> lasts = each -> each.state() == AlertState.ALERTED;
            boolean isDue = !times.reminder().isZero()
                    && alerts.values().stream().filter(lasts).anyMatch(each -> each.announcedAt()
                            .filter(told -> hasLasted(told, times.reminder()))
                            .isPresent());
            if (isDue) {
                tell(Alert.Type.REMINDER, alerts.values().stream().filter(lasts).toList(), each -> each);
            }
        }

        /** All in that state for the whole time, once the first of them has waited for others. */
        private List<AlertProgress> due(AlertState state, Duration time) {
            List<AlertProgress> due = alerts.values().stream()
                    .filter(each -> each.state() == state && hasLasted(each.since(), time))
                    .toList();
            Duration gathered = time.plus(AlertTimes.gathering(time));
            return due.stream().anyMatch(each -> hasLasted(each.since(), gathered)) ? due : List.of();
        }

        private boolean hasLasted(Instant since, Duration time) {
            return Duration.between(since, now).compareTo(time) >= 0;
        }

        private void tell(Alert.Type type, List<AlertProgress> due, UnaryOperator<AlertProgress> next) {
            due.forEach(each -> alerts.put(each.key(), next.apply(each).announced(now)));
            announce(type, due, AlertProgress::note);
        }

        private void announce(Alert.Type type, List<AlertProgress> about, Function<AlertProgress, AlertNote> note) {
            if (!about.isEmpty()) {
                announcements.add(new Alert(
                        ids.get(),
                        type,
                        now,
                        about.stream().map(note).distinct().sorted(WORST_FIRST).toList()));
            }
        }
    }
}
