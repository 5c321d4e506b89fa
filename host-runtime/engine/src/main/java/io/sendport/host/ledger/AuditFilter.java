package io.sendport.host.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Selects records; all given criteria must hold.
 *
 * @param equal column and value: port (with {@code *}), message, mime_message_id, queue_id
 * @param kinds one of these; empty for every kind
 * @param recipient an address, and its pseudonym if the ledger may contain that instead; empty for every address
 * @param properties promoted properties
 * @param application the application of the message's port
 * @param since inclusive
 * @param until exclusive
 * @param containing name in the private part, and text that it must contain; the name {@code *} matches any name
 */
public record AuditFilter(
        Map<String, String> equal,
        List<Kind> kinds,
        List<String> recipient,
        Map<String, String> properties,
        Optional<String> application,
        Optional<Instant> since,
        Optional<Instant> until,
        Map<String, String> containing) {

    private static final Set<Kind> ABOUT_NO_MESSAGE = EnumSet.of(
            Kind.CHECKPOINT,
            Kind.CONFIG_LOADED,
            Kind.PORT_STATE,
            Kind.INSTANCE_STARTED,
            Kind.INSTANCE_STOPPED,
            Kind.ALERTED);

    /** Selects all records. */
    public static AuditFilter all() {
        return new AuditFilter(
                Map.of(),
                List.of(),
                List.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of());
    }

    /** Selects the records of one message. */
    public static AuditFilter ofMessage(String id) {
        return all().with("message", id);
    }

    /** A copy with one more column criterion. */
    public AuditFilter with(String column, String value) {
        Map<String, String> more = new HashMap<>(equal);
        more.put(column, value);
        return new AuditFilter(more, kinds, recipient, properties, application, since, until, containing);
    }

    /** A copy that is restricted to these kinds. */
    public AuditFilter ofKinds(List<Kind> wanted) {
        return new AuditFilter(equal, wanted, recipient, properties, application, since, until, containing);
    }

    /** A copy that is restricted to this period. */
    public AuditFilter between(Instant from, Instant to) {
        return new AuditFilter(
                equal, kinds, recipient, properties, application, Optional.of(from), Optional.of(to), containing);
    }

    /** The tables. A recipient's index comes first, because the query planner would otherwise read every record. */
    String tables(List<Object> values) {
        if (recipient.isEmpty()) {
            return "audit_record r";
        }
        recipient.forEach(address -> values.add(address.toLowerCase(Locale.ROOT)));
        return "(SELECT DISTINCT lane, seq FROM audit_recipient WHERE address IN ("
                + String.join(", ", Collections.nCopies(recipient.size(), "?"))
                + ")) a CROSS JOIN audit_record r";
    }

    /** The conditions on {@link #tables}. */
    String conditions(List<Object> values) {
        List<String> conditions = new ArrayList<>();
        conditions.add("1 = 1");
        equal.forEach((column, value) -> {
            boolean pattern = column.equals("port") && value.contains("*");
            conditions.add("r." + column + (pattern ? " <matches>" : " = ?"));
            values.add(value);
        });
        if (!kinds.isEmpty()) {
            conditions.add("r.kind IN (" + String.join(", ", Collections.nCopies(kinds.size(), "?")) + ")");
            kinds.forEach(kind -> values.add(kind.name()));
            if (ABOUT_NO_MESSAGE.containsAll(kinds)) {
                // Records without a message are few and have an index.
                conditions.add("r.message IS NULL");
            }
        }
        if (!recipient.isEmpty()) {
            conditions.add("a.lane = r.lane AND a.seq = r.seq");
        }
        properties.forEach((name, value) -> {
            conditions.add(
                    "r.message IN (SELECT p.message FROM audit_property a JOIN audit_record p ON p.lane = a.lane AND p.seq = a.seq"
                            + " WHERE a.name = ? AND a.value = ?)");
            values.add(name);
            values.add(SearchIndex.begin(value));
        });
        application.ifPresent(name -> {
            conditions.add("r.message IN (SELECT id FROM message WHERE application = ?)");
            values.add(name);
        });
        since.ifPresent(instant -> {
            conditions.add("r.at >= ?");
            values.add(instant.toEpochMilli());
        });
        until.ifPresent(instant -> {
            conditions.add("r.at < ?");
            values.add(instant.toEpochMilli());
        });
        return String.join(" AND ", conditions);
    }

    boolean accepts(AuditRecord audited) {
        for (Map.Entry<String, String> each : containing.entrySet()) {
            String text = each.getKey().equals("*") ? audited.secret().toString() : audited.detail(each.getKey());
            if (!text.toLowerCase(Locale.ROOT).contains(each.getValue().toLowerCase(Locale.ROOT))) {
                return false;
            }
        }
        return true;
    }
}
