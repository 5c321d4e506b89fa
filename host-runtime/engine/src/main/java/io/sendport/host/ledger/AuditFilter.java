package io.sendport.host.ledger;

import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Selects records. A record matches if it meets all criteria.
 *
 * @param equal the required value of a header field or column: {@code port} (may contain {@code *}), {@code message},
 *     {@code mime_message_id} (with or without angle brackets), {@code queue_id}
 * @param kinds the kinds to select; empty for all
 * @param recipient an address, and its pseudonym if the ledger may contain that instead; empty for all addresses
 * @param properties promoted properties that the message must have, by name
 * @param application the application of the message's port
 * @param since the earliest time, inclusive
 * @param until the latest time, exclusive
 * @param containing a text that a field of the private part must contain, by field; the name {@code *} stands for any field. Ignores
 *     case
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

    private static final String MESSAGE_ID = "mime_message_id";

    private static final Set<Kind> ABOUT_NO_MESSAGE = EnumSet.of(
            Kind.CHECKPOINT,
            Kind.CONFIG_LOADED,
            Kind.PORT_STATE,
            Kind.INSTANCE_STARTED,
            Kind.INSTANCE_STOPPED,
            Kind.ALERTED);

    /** Adds missing angle brackets to the Message-ID. */
    public AuditFilter {
        String messageId = equal.get(MESSAGE_ID);
        if (messageId != null && !messageId.startsWith("<")) {
            Map<String, String> completed = new HashMap<>(equal);
            completed.put(MESSAGE_ID, "<" + messageId + ">");
            equal = Map.copyOf(completed);
        }
    }

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

    /** Selects the records that name one recipient. */
    public static AuditFilter ofRecipient(String address) {
        return new AuditFilter(
                Map.of(),
                List.of(),
                List.of(address),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of());
    }

    /** Returns a copy with one more criterion in {@link #equal}. */
    public AuditFilter with(String column, String value) {
        Map<String, String> more = new HashMap<>(equal);
        more.put(column, value);
        return new AuditFilter(more, kinds, recipient, properties, application, since, until, containing);
    }

    /** Returns a copy that is restricted to these kinds. */
    public AuditFilter ofKinds(List<Kind> wanted) {
        return new AuditFilter(equal, wanted, recipient, properties, application, since, until, containing);
    }

    /** Returns a copy that is restricted to the time from {@code from}, inclusive, to {@code to}, exclusive. */
    public AuditFilter between(Instant from, Instant to) {
        return new AuditFilter(
                equal, kinds, recipient, properties, application, Optional.of(from), Optional.of(to), containing);
    }

    /** Returns the keys by which an index finds the records, all of one field; empty when no index can find them. */
    List<IndexKey> keys() {
        if (!recipient.isEmpty()) {
            return recipient.stream().map(IndexKey::ofRecipient).toList();
        }
        if (equal.containsKey("message")) {
            return List.of(IndexKey.ofMessage(equal.get("message")));
        }
        // Only records without a message are indexed by kind.
        return !kinds.isEmpty() && ABOUT_NO_MESSAGE.containsAll(kinds)
                ? kinds.stream().map(IndexKey::ofKind).toList()
                : List.of();
    }

    /** Returns the conditions by which a read may skip rows and segments. */
    StoredRecords.Prefilter prefilter() {
        StringBuilder rows = new StringBuilder();
        StringBuilder segments = new StringBuilder();
        if (!kinds.isEmpty()) {
            rows.append(kinds.stream()
                    .map(kind -> "'" + kind.name() + "'")
                    .collect(Collectors.joining(", ", " AND kind IN (", ")")));
            segments.append(kinds.stream()
                    .map(kind -> "kinds LIKE '%," + kind.name() + ",%'")
                    .collect(Collectors.joining(" OR ", " AND (", ")")));
        }
        since.ifPresent(instant -> {
            rows.append(" AND at >= ").append(instant.toEpochMilli());
            segments.append(" AND max_at >= ").append(instant.toEpochMilli());
        });
        until.ifPresent(instant -> {
            rows.append(" AND at < ").append(instant.toEpochMilli());
            segments.append(" AND min_at < ").append(instant.toEpochMilli());
        });
        return new StoredRecords.Prefilter(
                rows.toString(), segments.toString(), Optional.ofNullable(equal.get("message")));
    }

    /** Returns whether a record may match. Checks only the message id, without parsing the record. */
    boolean mayAccept(StoredRecord record) {
        String message = equal.get("message");
        return message == null || message.equals(record.message());
    }

    /** Returns whether a record matches. Does not check {@link #properties} and {@link #application}, which concern its message. */
    boolean accepts(AuditRecord record) {
        return acceptsHeader(record) && acceptsPrivatePart(record);
    }

    private boolean acceptsHeader(AuditRecord record) {
        if (!kinds.isEmpty() && kinds.stream().noneMatch(record::is)) {
            return false;
        }
        for (Map.Entry<String, String> each : equal.entrySet()) {
            String found =
                    switch (each.getKey()) {
                        case MESSAGE_ID -> record.detail("mimeMessageId");
                        case "queue_id" -> record.detail("queueId");
                        default -> record.header(each.getKey());
                    };
            if (each.getKey().equals("port") ? !matches(found, each.getValue()) : !found.equals(each.getValue())) {
                return false;
            }
        }
        if (since.isEmpty() && until.isEmpty()) {
            return true;
        }
        Instant at = record.at();
        return since.map(from -> !at.isBefore(from)).orElse(true)
                && until.map(to -> at.isBefore(to)).orElse(true);
    }

    /** Returns whether a name matches a pattern in which {@code *} stands for any text. */
    private static boolean matches(String name, String pattern) {
        return pattern.contains("*")
                ? name.matches(Arrays.stream(pattern.split("\\*", -1))
                        .map(Pattern::quote)
                        .collect(Collectors.joining(".*")))
                : name.equals(pattern);
    }

    private boolean acceptsPrivatePart(AuditRecord record) {
        if (!recipient.isEmpty()) {
            Set<String> addresses = IndexKey.addresses(record.secret());
            if (recipient.stream().noneMatch(each -> addresses.contains(each.toLowerCase(Locale.ROOT)))) {
                return false;
            }
        }
        return acceptsText(record);
    }

    private boolean acceptsText(AuditRecord record) {
        for (Map.Entry<String, String> each : containing.entrySet()) {
            String text = each.getKey().equals("*") ? record.secret().toString() : record.detail(each.getKey());
            if (!text.toLowerCase(Locale.ROOT).contains(each.getValue().toLowerCase(Locale.ROOT))) {
                return false;
            }
        }
        return true;
    }
}
