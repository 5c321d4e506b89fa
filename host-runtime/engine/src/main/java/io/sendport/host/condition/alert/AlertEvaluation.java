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
 * The result of one check of the conditions. A new condition is pending. After {@link AlertTimes#pending}, it leads to an alert. When
 * the condition ends, it recovers; after {@link AlertTimes#calm}, a recovery alert follows. If it comes back before, no alert follows.
 *
 * @param alerts the progress of all conditions after this check; a condition without progress is quiet
 * @param announcements the alerts to send, in order
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
     * Evaluates the conditions at {@code now}.
     *
     * @param known the progress after the previous check
     * @param present all present conditions; conditions of severity {@link Severity#INFO} lead to no alert
     * @param times the configured durations
     * @param now the current time
     * @param ids supplies the id of each new alert
     */
    public static AlertEvaluation of(
            Collection<AlertProgress> known,
            Collection<Condition> present,
            AlertTimes times,
            Instant now,
            Supplier<String> ids) {
        return new Check(times, now, ids).run(known, present);
    }

    /** A check in progress. */
    private static final class Check {
        private final AlertTimes times;
        private final Instant now;
        private final Supplier<String> ids;
        private final Map<AlertProgress.Key, AlertProgress> alerts = new LinkedHashMap<>();
        private final List<Alert> newAlerts = new ArrayList<>();

        Check(AlertTimes times, Instant now, Supplier<String> ids) {
            this.times = times;
            this.now = now;
            this.ids = ids;
        }

        AlertEvaluation run(Collection<AlertProgress> known, Collection<Condition> present) {
            // If the clock was set back, an alert is late by at most its configured duration.
            known.forEach(
                    each -> alerts.put(each.key(), each.since().isAfter(now) ? each.inState(each.state(), now) : each));
            Map<AlertProgress.Key, AlertNote> seen = notes(present);
            seen.forEach(this::markPresent);
            List.copyOf(alerts.values()).stream()
                    .filter(each -> !seen.containsKey(each.key()))
                    .forEach(this::markGone);
            addRecoveries();
            addNewAlerts();
            addReminder();
            return new AlertEvaluation(List.copyOf(alerts.values()), newAlerts);
        }

        private static Map<AlertProgress.Key, AlertNote> notes(Collection<Condition> present) {
            Map<AlertProgress.Key, AlertNote> notes = new LinkedHashMap<>();
            for (Condition each : Condition.merged(present)) {
                if (each.severity() != Severity.INFO) {
                    AlertNote note = AlertNote.of(each);
                    AlertNote.subjects(each)
                            .forEach(subject -> notes.putIfAbsent(new AlertProgress.Key(each.kind(), subject), note));
                }
            }
            return notes;
        }

        private void markPresent(AlertProgress.Key key, AlertNote note) {
            alerts.compute(key, (same, known) -> {
                if (known == null) {
                    return new AlertProgress(key.subject(), AlertState.PENDING, now, Optional.empty(), note);
                }
                AlertProgress updated = known.withNote(note);
                return known.state() == AlertState.RECOVERING ? updated.inState(AlertState.ALERTED, now) : updated;
            });
        }

        private void markGone(AlertProgress alert) {
            switch (alert.state()) {
                case PENDING -> alerts.remove(alert.key());
                case ALERTED -> alerts.put(alert.key(), alert.inState(AlertState.RECOVERING, now));
                case RECOVERING -> {
                    // addRecoveries() removes it after the calm time.
                }
            }
        }

        private void addRecoveries() {
            List<AlertProgress> due = due(AlertState.RECOVERING, times.calm());
            due.forEach(each -> alerts.remove(each.key()));
            addAlert(Alert.Type.RECOVERED, due, each -> each.note().forPort(each.subject()));
        }

        private void addNewAlerts() {
            List<AlertProgress> due = due(AlertState.PENDING, times.pending());
            alertAbout(Alert.Type.FIRING, due, each -> each.inState(AlertState.ALERTED, now));
        }

        /** Adds one reminder of all conditions that still last, instead of one for each condition. */
        private void addReminder() {
            Predicate<AlertProgress> isAlerted = each -> each.state() == AlertState.ALERTED;
            boolean isDue = !times.reminder().isZero()
                    && alerts.values().stream().filter(isAlerted).anyMatch(each -> each.announcedAt()
                            .filter(last -> hasLasted(last, times.reminder()))
                            .isPresent());
            if (isDue) {
                alertAbout(
                        Alert.Type.REMINDER,
                        alerts.values().stream().filter(isAlerted).toList(),
                        each -> each);
            }
        }

        /** Returns all that were in that state for {@code time}. Empty until the first of them has also waited for the grouping delay. */
        private List<AlertProgress> due(AlertState state, Duration time) {
            List<AlertProgress> due = alerts.values().stream()
                    .filter(each -> each.state() == state && hasLasted(each.since(), time))
                    .toList();
            Duration withDelay = time.plus(AlertTimes.groupingDelay(time));
            return due.stream().anyMatch(each -> hasLasted(each.since(), withDelay)) ? due : List.of();
        }

        private boolean hasLasted(Instant since, Duration time) {
            return Duration.between(since, now).compareTo(time) >= 0;
        }

        private void alertAbout(Alert.Type type, List<AlertProgress> due, UnaryOperator<AlertProgress> next) {
            due.forEach(each -> alerts.put(each.key(), next.apply(each).alerted(now)));
            addAlert(type, due, AlertProgress::note);
        }

        private void addAlert(Alert.Type type, List<AlertProgress> about, Function<AlertProgress, AlertNote> note) {
            if (!about.isEmpty()) {
                newAlerts.add(new Alert(
                        ids.get(),
                        type,
                        now,
                        about.stream().map(note).distinct().sorted(WORST_FIRST).toList()));
            }
        }
    }
}
