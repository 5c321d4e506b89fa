package io.sendport.host.ledger.verify;

import io.sendport.host.ledger.SubmittedRecord;
import io.sendport.host.store.Store;
import java.util.List;
import java.util.Optional;

/** Compares lanes with each other, and records with the states of messages. Each page of messages is read in one snapshot. */
final class CrossCheck {

    private static final int PAGE = 5_000;

    private final Store store;
    private final String kept;

    /**
     * Checks {@code store}.
     *
     * @param pruned whether old records were deleted, so that old messages may lack their first records
     */
    CrossCheck(Store store, boolean pruned) {
        this.store = store;
        // Pruned records are deleted gradually.
        this.kept = pruned ? " AND r.seq > (SELECT l.pruned_seq FROM audit_lane l WHERE l.lane = r.lane)" : "";
    }

    /** The first inconsistency. */
    Optional<String> fault() {
        return ends().or(this::lanes).or(this::records).or(this::messages);
    }

    /** Finds records after the end of a lane. */
    private Optional<String> ends() {
        return store.read(handle -> handle.createQuery("SELECT l.lane, l.head_seq FROM audit_lane l"
                        + " WHERE EXISTS (SELECT 1 FROM audit_record r WHERE r.lane = l.lane AND r.seq > l.head_seq)"
                        + " ORDER BY l.lane LIMIT 1")
                .map((row, context) -> "the ledger has records after " + row.getLong(1) + ":" + row.getLong(2)
                        + ", which its head names as the end: records at the end were removed or added")
                .findOne());
    }

    /** Finds records in a lane that does not exist. */
    private Optional<String> lanes() {
        // Steps from lane to lane, because DISTINCT would read every record.
        Optional<Long> lane = next(Long.MIN_VALUE);
        while (lane.filter(this::hasHead).isPresent()) {
            lane = next(lane.get());
        }
        return lane.map(each -> "records exist in lane " + each + ", which has no head");
    }

    private Optional<Long> next(long lane) {
        return store.read(
                handle -> handle.createQuery("SELECT lane FROM audit_record WHERE lane > ? ORDER BY lane LIMIT 1")
                        .bind(0, lane)
                        .mapTo(Long.class)
                        .findOne());
    }

    private boolean hasHead(long lane) {
        return store.read(
                handle -> handle.createQuery("SELECT EXISTS (SELECT 1 FROM audit_lane WHERE lane = ? AND head_seq > 0)")
                        .bind(0, lane)
                        .mapTo(Boolean.class)
                        .one());
    }

    /** Compares the records of each message with each other, also for deleted messages. */
    private Optional<String> records() {
        String after = "";
        List<String> page = messagesAfter(after);
        while (!page.isEmpty()) {
            String from = after;
            String to = page.get(page.size() - 1);
            Optional<String> fault = steps(from, to).or(() -> removed(from, to)).or(() -> removedFromHold(from, to));
            if (fault.isPresent()) {
                return fault;
            }
            after = to;
            page = messagesAfter(after);
        }
        return Optional.empty();
    }

    /** Ids of messages that have records, in order. */
    private List<String> messagesAfter(String last) {
        return store.read(handle -> handle.createQuery(
                        "SELECT DISTINCT message FROM audit_record WHERE message IS NOT NULL AND message > ?"
                                + " ORDER BY message LIMIT ?")
                .bind(0, last)
                .bind(1, PAGE)
                .mapTo(String.class)
                .list());
    }

    private Optional<String> steps(String after, String to) {
        return first(
                        "SELECT r.message FROM audit_record r WHERE r.message IS NOT NULL AND r.message > ? AND r.message <= ?"
                                + kept + " GROUP BY r.message HAVING count(*) <> max(r.step) - min(r.step) + 1"
                                + (kept.isEmpty() ? " OR min(r.step) <> 1" : "") + " LIMIT 1",
                        after,
                        to)
                .map(id -> "records of message " + id + " are missing or duplicated: their steps are not consecutive");
    }

    private Optional<String> removed(String after, String to) {
        return first(
                        "SELECT r.message FROM audit_record r WHERE r.message IS NOT NULL AND r.message > ? AND r.message <= ?"
                                + " AND r.step = 1" + kept
                                + " AND NOT EXISTS (SELECT 1 FROM message m WHERE m.id = r.message)"
                                + " AND NOT EXISTS (SELECT 1 FROM audit_record e WHERE e.message = r.message"
                                + " AND e.kind IN ('ACCEPTED', 'RESOLVED', 'TERMINATED', 'CONSUMED')) LIMIT 1",
                        after,
                        to)
                .map(id -> "message " + id + " was removed from the message box before it ended");
    }

    private Optional<String> removedFromHold(String after, String to) {
        return first(
                        "SELECT r.message FROM audit_record r WHERE r.message IS NOT NULL AND r.message > ? AND r.message <= ?"
                                + " AND r.kind = 'HELD' AND NOT EXISTS (SELECT 1 FROM message m WHERE m.id = r.message)"
                                + " AND NOT EXISTS (SELECT 1 FROM audit_record e WHERE e.message = r.message"
                                + " AND e.kind = 'RELEASED' AND e.step > r.step) LIMIT 1",
                        after,
                        to)
                .map(id -> "message " + id + " was removed from the message box although it is on hold");
    }

    /** Compares each message with its records. */
    private Optional<String> messages() {
        long after = 0;
        List<Long> page = seqsAfter(after);
        while (!page.isEmpty()) {
            long from = after;
            long to = page.get(page.size() - 1);
            Optional<String> fault = count(from, to)
                    .or(() -> state(from, to))
                    .or(() -> hold(from, to))
                    .or(() -> content(from, to));
            if (fault.isPresent()) {
                return fault;
            }
            after = to;
            page = seqsAfter(after);
        }
        return Optional.empty();
    }

    private List<Long> seqsAfter(long last) {
        return store.read(handle -> handle.createQuery("SELECT seq FROM message WHERE seq > ? ORDER BY seq LIMIT ?")
                .bind(0, last)
                .bind(1, PAGE)
                .mapTo(Long.class)
                .list());
    }

    private Optional<String> count(long after, long to) {
        return first(
                        "SELECT m.id FROM message m WHERE m.seq > ? AND m.seq <= ? AND m.steps <>"
                                + " (SELECT count(*) FROM audit_record r WHERE r.message = m.id) LIMIT 1",
                        after,
                        to)
                .map(id -> "message " + id + " changed its state without a record");
    }

    /** Finds a state that no record confirms. */
    private Optional<String> state(long after, long to) {
        return first(
                        "SELECT m.id FROM message m WHERE m.seq > ? AND m.seq <= ?"
                                + " AND m.state IN ('DONE', 'TERMINATED', 'CONSUMED', 'SUSPENDED')"
                                + " AND NOT EXISTS (SELECT 1 FROM audit_record r WHERE r.message = m.id AND r.kind IN (m.state,"
                                + " CASE m.state WHEN 'DONE' THEN 'ACCEPTED' ELSE m.state END, CASE m.state WHEN 'DONE' THEN 'RESOLVED' ELSE m.state END))"
                                + " LIMIT 1",
                        after,
                        to)
                .map(id -> "the state of message " + id + " was changed without a record");
    }

    /** Finds a message whose hold differs from its last record of one. */
    private Optional<String> hold(long after, long to) {
        return first(
                        "SELECT m.id FROM message m WHERE m.seq > ? AND m.seq <= ? AND"
                                + " (CASE WHEN m.held = 1 THEN 'HELD' ELSE 'RELEASED' END) <> coalesce((SELECT r.kind"
                                + " FROM audit_record r WHERE r.message = m.id AND r.kind IN ('HELD', 'RELEASED')"
                                + " ORDER BY r.step DESC LIMIT 1), 'RELEASED') LIMIT 1",
                        after,
                        to)
                .map(id -> "the hold of message " + id + " was changed without a record");
    }

    /** Finds a message that differs from the submitted one. */
    private Optional<String> content(long after, long to) {
        return store.read(handle -> handle
                        .createQuery("SELECT m.id, m.digest, m.ledger_lane, m.ledger_seq, r.lane, r.seq, r.header"
                                + " FROM message m JOIN audit_record r ON r.message = m.id AND r.step = 1"
                                + " WHERE m.seq > ? AND m.seq <= ?")
                        .bind(0, after)
                        .bind(1, to)
                        .map((row, context) -> {
                            boolean isSame =
                                    SubmittedRecord.of(row.getString(7)).describes(row.getString(1), row.getString(2));
                            boolean isThere = row.getObject(3) == null
                                    || (row.getLong(3) == row.getLong(5) && row.getLong(4) == row.getLong(6));
                            return isSame && isThere ? "" : row.getString(1);
                        })
                        .stream()
                        .filter(id -> !id.isEmpty())
                        .findFirst())
                .map(id ->
                        "message " + id + " in the message box differs from the submission that the ledger recorded");
    }

    private Optional<String> first(String sql, Object after, Object to) {
        return store.read(handle -> handle.createQuery(sql)
                .bind(0, after)
                .bind(1, to)
                .mapTo(String.class)
                .findOne());
    }
}
