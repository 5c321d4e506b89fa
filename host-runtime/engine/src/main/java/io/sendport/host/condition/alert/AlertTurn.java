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
public record AlertTurn(List<Alert> alerts, List<Announcement> announcements) {

    private static final Comparator<AlertNote> WORST_FIRST = Comparator.comparing(AlertNote::severity)
            .reversed()
            .thenComparing(AlertNote::kind)
            .thenComparing(AlertNote::subject);

    /** Copies the lists. */
    public AlertTurn {
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
    public static AlertTurn of(
            Collection<Alert> known,
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
        private final Map<Alert.Key, Alert> alerts = new LinkedHashMap<>();
        private final List<Announcement> announcements = new ArrayList<>();

        Turn(AlertTimes times, Instant now, Supplier<String> ids) {
            this.times = times;
            this.now = now;
            this.ids = ids;
        }

        AlertTurn of(Collection<Alert> known, Collection<Condition> present) {
            // A clock that was set back must not delay an alert by more than its time.
            known.forEach(
                    each -> alerts.put(each.key(), each.since().isAfter(now) ? each.in(each.state(), now) : each));
            Map<Alert.Key, AlertNote> seen = seen(present);
            seen.forEach(this::isPresent);
            List.copyOf(alerts.values()).stream()
                    .filter(each -> !seen.containsKey(each.key()))
                    .forEach(this::isGone);
            recovered();
            fired();
            remind();
            return new AlertTurn(List.copyOf(alerts.values()), announcements);
        }

        private static Map<Alert.Key, AlertNote> seen(Collection<Condition> present) {
            Map<Alert.Key, AlertNote> seen = new LinkedHashMap<>();
            for (Condition each : Condition.merged(present)) {
                if (each.severity() != Severity.INFO) {
                    AlertNote note = AlertNote.of(each);
                    AlertNote.subjects(each)
                            .forEach(subject -> seen.putIfAbsent(new Alert.Key(each.kind(), subject), note));
                }
            }
            return seen;
        }

        private void isPresent(Alert.Key key, AlertNote note) {
            alerts.compute(key, (same, known) -> {
                if (known == null) {
                    return new Alert(key.subject(), AlertState.PENDING, now, Optional.empty(), note);
                }
                Alert seen = known.with(note);
                return known.state() == AlertState.RECOVERING ? seen.in(AlertState.ALERTED, now) : seen;
            });
        }

        private void isGone(Alert alert) {
            switch (alert.state()) {
                case PENDING -> alerts.remove(alert.key());
                case ALERTED -> alerts.put(alert.key(), alert.in(AlertState.RECOVERING, now));
                case RECOVERING -> {
                    // It stays until it has been calm for long enough.
                }
            }
        }

        private void recovered() {
            List<Alert> due = due(AlertState.RECOVERING, times.calm());
            due.forEach(each -> alerts.remove(each.key()));
            announce(Announcement.Type.RECOVERED, due, each -> each.note().of(each.subject()));
        }

        private void fired() {
            List<Alert> due = due(AlertState.PENDING, times.pending());
            tell(Announcement.Type.FIRING, due, each -> each.in(AlertState.ALERTED, now));
        }

        /** One reminder tells all, so that there is one a day and not one for each condition. */
        private void remind() {
            Predicate<Alert> lasts = each -> each.state() == AlertState.ALERTED;
            boolean isDue = !times.reminder().isZero()
                    && alerts.values().stream().filter(lasts).anyMatch(each -> each.announcedAt()
                            .filter(told -> hasLasted(told, times.reminder()))
                            .isPresent());
            if (isDue) {
                tell(
                        Announcement.Type.REMINDER,
                        alerts.values().stream().filter(lasts).toList(),
                        each -> each);
            }
        }

        /** All in that state for the whole time, once the first of them has waited for others. */
        private List<Alert> due(AlertState state, Duration time) {
            List<Alert> due = alerts.values().stream()
                    .filter(each -> each.state() == state && hasLasted(each.since(), time))
                    .toList();
            Duration gathered = time.plus(AlertTimes.gathering(time));
            return due.stream().anyMatch(each -> hasLasted(each.since(), gathered)) ? due : List.of();
        }

        private boolean hasLasted(Instant since, Duration time) {
            return Duration.between(since, now).compareTo(time) >= 0;
        }

        private void tell(Announcement.Type type, List<Alert> due, UnaryOperator<Alert> next) {
            due.forEach(each -> alerts.put(each.key(), next.apply(each).announced(now)));
            announce(type, due, Alert::note);
        }

        private void announce(Announcement.Type type, List<Alert> about, Function<Alert, AlertNote> note) {
            if (!about.isEmpty()) {
                announcements.add(new Announcement(
                        ids.get(),
                        type,
                        now,
                        about.stream().map(note).distinct().sorted(WORST_FIRST).toList()));
            }
        }
    }
}
