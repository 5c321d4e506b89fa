package io.sendport.host.ledger;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * A day on the ledger, in figures.
 *
 * @param day midnight to midnight
 * @param zone in this zone
 * @param counts records by port and kind; the empty port has what belongs to none
 * @param failures records of what was refused, in doubt or suspended, oldest first; at most {@link #MOST}
 * @param acts records of what people did and of processes that began and ended, oldest first; at most {@link #MOST}
 */
public record DayReport(
        LocalDate day,
        ZoneId zone,
        SortedMap<String, Map<Kind, Long>> counts,
        List<AuditRecord> failures,
        List<AuditRecord> acts) {

    /** How many records are listed; the counts have all. */
    public static final int MOST = 1_000;

    private static final List<Kind> FAILURES =
            List.of(Kind.REFUSED, Kind.IN_DOUBT, Kind.SUSPENDED, Kind.UNROUTED, Kind.NOT_TAKEN);
    private static final List<Kind> ACTS = List.of(
            Kind.RESUMED,
            Kind.RESOLVED,
            Kind.TERMINATED,
            Kind.READ,
            Kind.ACCESS,
            Kind.PORT_STATE,
            Kind.CONFIG_LOADED,
            Kind.INSTANCE_STARTED,
            Kind.INSTANCE_STOPPED,
            Kind.RESTORED,
            Kind.COPIED,
            Kind.ERASED,
            Kind.PRUNED);

    /** What {@code ledger} tells of {@code day}. */
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
            return found.size() < MOST;
        });
        return found;
    }

    /** How many records of that kind there are at that port. */
    public long count(String port, Kind kind) {
        return counts.getOrDefault(port, new EnumMap<>(Kind.class)).getOrDefault(kind, 0L);
    }

    /** How many failures there are, listed or not. */
    public long failureCount() {
        return counts.values().stream()
                .mapToLong(each -> FAILURES.stream()
                        .mapToLong(kind -> each.getOrDefault(kind, 0L))
                        .sum())
                .sum();
    }
}
