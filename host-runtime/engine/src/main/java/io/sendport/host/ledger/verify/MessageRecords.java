package io.sendport.host.ledger.verify;

import io.sendport.host.ledger.AuditRecord;
import io.sendport.host.ledger.Kind;
import io.sendport.host.ledger.LookUp;
import io.sendport.host.ledger.SubmittedRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.LongStream;
import org.jdbi.v3.core.Handle;

/** Compares the rows of messages with all their records, in one snapshot. */
final class MessageRecords {

    /** The maximum number of messages in one comparison. */
    static final int MAX_COUNT = 500;

    private static final Set<Kind> ENDS = Set.of(Kind.ACCEPTED, Kind.RESOLVED, Kind.TERMINATED, Kind.CONSUMED);

    private MessageRecords() {}

    /**
     * The row of a message in the box.
     *
     * @param seq the number by which rows are read
     * @param id the id of the message
     * @param state the name of its state
     * @param steps the number of records that the message has according to the row
     * @param held whether the message is on hold
     * @param digest the digest of its properties and parts
     * @param submitted the place of the record of its submission; empty for a message from an early version
     */
    record Row(long seq, String id, String state, long steps, boolean held, String digest, Optional<String> submitted) {

        private static final String COLUMNS = "seq, id, state, steps, held, digest, ledger_lane, ledger_seq";

        private static Row read(ResultSet row) throws SQLException {
            boolean isPlaced = row.getObject(7) != null;
            return new Row(
                    row.getLong(1),
                    row.getString(2),
                    row.getString(3),
                    row.getLong(4),
                    row.getLong(5) == 1,
                    row.getString(6),
                    isPlaced ? Optional.of(row.getLong(7) + ":" + row.getLong(8)) : Optional.empty());
        }
    }

    /** Returns the next rows after number {@code after}; at most {@code most}. */
    static List<Row> rows(Handle handle, long after, int most) {
        return handle.createQuery("SELECT " + Row.COLUMNS + " FROM message WHERE seq > ? ORDER BY seq LIMIT ?")
                .bind(0, after)
                .bind(1, most)
                .map((row, context) -> Row.read(row))
                .list();
    }

    /** Returns the first inconsistency of these messages; empty when there is none. */
    static Optional<String> fault(Handle handle, List<String> ids, boolean isPruned) {
        Map<String, Row> rows = new HashMap<>();
        handle.createQuery("SELECT " + Row.COLUMNS + " FROM message WHERE id IN (<ids>)")
                .bindList("ids", ids)
                .map((row, context) -> Row.read(row))
                .forEach(row -> rows.put(row.id(), row));
        Map<String, List<AuditRecord>> records = new HashMap<>();
        for (AuditRecord each : LookUp.ofMessages(handle, ids)) {
            records.computeIfAbsent(each.header("message"), id -> new ArrayList<>())
                    .add(each);
        }
        for (String id : ids) {
            List<AuditRecord> ofMessage = records.getOrDefault(id, List.of());
            Optional<String> fault = faultOfSteps(id, ofMessage, isPruned)
                    .or(() -> rows.containsKey(id)
                            ? faultOfRow(rows.get(id), ofMessage)
                            : faultOfMissingRow(id, ofMessage));
            if (fault.isPresent()) {
                return fault;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> faultOfSteps(String id, List<AuditRecord> records, boolean isPruned) {
        OptionalLong least = steps(records).min();
        OptionalLong most = steps(records).max();
        boolean isConsecutive = least.isEmpty()
                || (records.size() == most.orElse(0) - least.getAsLong() + 1 && (isPruned || least.getAsLong() == 1));
        return isConsecutive
                ? Optional.empty()
                : Optional.of(
                        "records of message " + id + " are missing or duplicated: their steps are not consecutive");
    }

    private static LongStream steps(List<AuditRecord> records) {
        return records.stream().mapToLong(LookUp::step);
    }

    private static Optional<String> faultOfMissingRow(String id, List<AuditRecord> records) {
        boolean isFromStart = steps(records).anyMatch(step -> step == 1);
        if (isFromStart && records.stream().noneMatch(each -> ENDS.stream().anyMatch(each::is))) {
            return Optional.of("message " + id + " was removed from the message box before it ended");
        }
        return isHeld(records)
                ? Optional.of("message " + id + " was removed from the message box although it is on hold")
                : Optional.empty();
    }

    private static boolean isHeld(List<AuditRecord> records) {
        return records.stream()
                .filter(each -> each.is(Kind.HELD) || each.is(Kind.RELEASED))
                .max(Comparator.comparingLong(LookUp::step))
                .filter(each -> each.is(Kind.HELD))
                .isPresent();
    }

    private static Optional<String> faultOfRow(Row row, List<AuditRecord> records) {
        if (row.steps() != records.size()) {
            return Optional.of("message " + row.id() + " has " + records.size()
                    + " records on the ledger, but the message box counts " + row.steps()
                    + ": records were removed, or the message was changed without a record");
        }
        Set<Kind> causes =
                switch (row.state()) {
                    case "DONE" -> Set.of(Kind.ACCEPTED, Kind.RESOLVED);
                    case "TERMINATED" -> Set.of(Kind.TERMINATED);
                    case "CONSUMED" -> Set.of(Kind.CONSUMED);
                    case "SUSPENDED" -> Set.of(Kind.SUSPENDED);
                    default -> Set.of();
                };
        if (!causes.isEmpty()
                && records.stream().noneMatch(each -> causes.stream().anyMatch(each::is))) {
            return Optional.of("the state of message " + row.id() + " was changed without a record");
        }
        if (row.held() != isHeld(records)) {
            return Optional.of("the hold of message " + row.id() + " was changed without a record");
        }
        return records.stream()
                .filter(each -> LookUp.step(each) == 1)
                .filter(each -> !isSubmissionOf(row, each))
                .findFirst()
                .map(each -> "message " + row.id()
                        + " in the message box differs from the submission that the ledger recorded");
    }

    private static boolean isSubmissionOf(Row row, AuditRecord record) {
        return SubmittedRecord.of(record.link().header()).describes(row.id(), row.digest())
                && row.submitted()
                        .map(place -> place.equals(record.link().place()))
                        .orElse(true);
    }
}
