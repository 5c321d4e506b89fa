package io.sendport.host.ledger;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** Holds lanes against each other and records against the states of messages. */
final class CrossCheck {

    private CrossCheck() {}

    /**
     * The first thing that doesn't agree.
     *
     * @param pruned whether old records were deleted: messages long gone may lack their first ones then
     */
    static Optional<String> fault(Handle handle, boolean pruned) {
        // What was pruned is deleted little by little.
        String kept = pruned ? " AND r.seq > (SELECT l.pruned_seq FROM audit_lane l WHERE l.lane = r.lane)" : "";
        return lanes(handle).or(() -> steps(handle, kept)).or(() -> states(handle, kept));
    }

    /** Records in a lane that there is not. */
    private static Optional<String> lanes(Handle handle) {
        Set<Long> known =
                Lane.extents(handle).stream().map(each -> each.head().lane()).collect(Collectors.toSet());
        // From lane to lane, since a DISTINCT would read every record.
        Optional<Long> lane = next(handle, Long.MIN_VALUE);
        while (lane.filter(known::contains).isPresent()) {
            lane = next(handle, lane.get());
        }
        return lane.map(each -> "there are records of lane " + each + ", which has no head");
    }

    private static Optional<Long> next(Handle handle, long lane) {
        return handle.createQuery("SELECT lane FROM audit_record WHERE lane <> 0 AND lane > ? ORDER BY lane LIMIT 1")
                .bind(0, lane)
                .mapTo(Long.class)
                .findOne();
    }

    private static Optional<String> steps(Handle handle, String kept) {
        return handle.createQuery("SELECT r.message FROM audit_record r WHERE r.message IS NOT NULL" + kept
                        + " GROUP BY r.message HAVING count(*) <> max(r.step) - min(r.step) + 1"
                        + (kept.isEmpty() ? " OR min(r.step) <> 1" : "") + " LIMIT 1")
                .mapTo(String.class)
                .findOne()
                .map(id -> "records of message " + id + " are missing or doubled: their steps have a gap")
                .or(() -> handle.createQuery("SELECT m.id FROM message m WHERE m.steps <>"
                                + " (SELECT count(*) FROM audit_record r WHERE r.message = m.id) LIMIT 1")
                        .mapTo(String.class)
                        .findOne()
                        .map(id -> "message " + id + " changed its state without a record"));
    }

    /** A state that no record tells of, and a message that ended without one. */
    private static Optional<String> states(Handle handle, String kept) {
        return handle.createQuery(
                        "SELECT m.id FROM message m WHERE m.state IN ('DONE', 'TERMINATED', 'CONSUMED', 'SUSPENDED')"
                                + " AND NOT EXISTS (SELECT 1 FROM audit_record r WHERE r.message = m.id AND r.kind IN (m.state,"
                                + " CASE m.state WHEN 'DONE' THEN 'ACCEPTED' ELSE m.state END, CASE m.state WHEN 'DONE' THEN 'RESOLVED' ELSE m.state END))"
                                + " LIMIT 1")
                .mapTo(String.class)
                .findOne()
                .map(id -> "the state of message " + id + " was changed: no record tells of it")
                .or(() -> handle.createQuery(
                                "SELECT r.message FROM audit_record r WHERE r.message IS NOT NULL AND r.step = 1" + kept
                                        + " AND NOT EXISTS (SELECT 1 FROM message m WHERE m.id = r.message)"
                                        + " AND NOT EXISTS (SELECT 1 FROM audit_record e WHERE e.message = r.message"
                                        + " AND e.kind IN ('ACCEPTED', 'RESOLVED', 'TERMINATED', 'CONSUMED')) LIMIT 1")
                        .mapTo(String.class)
                        .findOne()
                        .map(id -> "message " + id + " was removed from the message box before it ended"));
    }
}
