package io.sendport.host.ledger;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * A summary of the records of one day.
 *
 * @param day the day, from midnight to midnight
 * @param zone the time zone of the day
 * @param counts the number of records by port and kind; the empty port name stands for records without a port
 * @param failures records of refusals, messages in doubt and suspensions, oldest first; at most {@link #MAX_COUNT}
 * @param acts records of operators' acts, of process starts and ends, and of alerts, oldest first; at most {@link #MAX_COUNT}
 */
public record DayReport(
        LocalDate day,
        ZoneId zone,
        SortedMap<String, Map<Kind, Long>> counts,
        List<AuditRecord> failures,
        List<AuditRecord> acts) {

    /** The maximum number of records in a list. The counts include all records. */
    public static final int MAX_COUNT = 1_000;

    private static final List<Kind> FAILURES =
            List.of(Kind.REFUSED, Kind.IN_DOUBT, Kind.SUSPENDED, Kind.UNROUTED, Kind.NOT_TAKEN);
    private static final List<Kind> ACTS = List.of(
            Kind.RESUMED,
            Kind.RESOLVED,
            Kind.TERMINATED,
            Kind.HELD,
            Kind.RELEASED,
            Kind.READ,
            Kind.ACCESS,
            Kind.PORT_STATE,
            Kind.CONFIG_LOADED,
            Kind.INSTANCE_STARTED,
            Kind.INSTANCE_STOPPED,
            Kind.ALERTED,
            Kind.RESTORED,
            Kind.COPIED,
            Kind.RECONCILED,
            Kind.ERASED,
            Kind.PRUNED);

    /** Creates the report of {@code ledger} for {@code day}. */
    public static DayReport of(Ledger ledger, LocalDate day, ZoneId zone) {
        AuditFilter within = AuditFilter.all()
                .between(
                        day.atStartOfDay(zone).toInstant(),
                        day.plusDays(1).atStartOfDay(zone).toInstant());
        return new DayReport(
                day, zone, ledger.counts(within), list(ledger, within, FAILURES), list(ledger, within, ACTS));
    }

    private static List<AuditRecord> list(Ledger ledger, AuditFilter within, List<Kind> kinds) {
        List<AuditRecord> found = new ArrayList<>();
        ledger.read(within.ofKinds(kinds), each -> {
            found.add(each);
            return found.size() < MAX_COUNT;
        });
        return found;
    }

    /** Returns the number of records of that kind at that port. */
    public long count(String port, Kind kind) {
        return counts.getOrDefault(port, new EnumMap<>(Kind.class)).getOrDefault(kind, 0L);
    }

    /** Returns the number of failures, including those that exceed {@link #MAX_COUNT}. */
    public long failureCount() {
        return counts.values().stream()
                .mapToLong(each -> FAILURES.stream()
                        .mapToLong(kind -> each.getOrDefault(kind, 0L))
                        .sum())
                .sum();
    }
}
