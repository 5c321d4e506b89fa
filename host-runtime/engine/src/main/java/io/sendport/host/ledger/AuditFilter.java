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
 * Selects records; all given criteria must hold.
 *
 * @param equal column and value: port (with {@code *}), message, mime_message_id (angle brackets may be missing), queue_id
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

    private static final String MESSAGE_ID = "mime_message_id";

    private static final Set<Kind> ABOUT_NO_MESSAGE = EnumSet.of(
            Kind.CHECKPOINT,
            Kind.CONFIG_LOADED,
            Kind.PORT_STATE,
            Kind.INSTANCE_STARTED,
            Kind.INSTANCE_STOPPED,
            Kind.ALERTED);

    /** Completes the Message-ID. */
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

    /** The criterion by which an index finds records, as its keys of one kind; empty when no index does. */
    List<IndexKey> keys() {
        if (!recipient.isEmpty()) {
            return recipient.stream().map(IndexKey::ofRecipient).toList();
        }
        if (equal.containsKey("message")) {
            return List.of(IndexKey.ofMessage(equal.get("message")));
        }
        // Records without a message are few, and have keys of their own.
        return !kinds.isEmpty() && ABOUT_NO_MESSAGE.containsAll(kinds)
                ? kinds.stream().map(IndexKey::ofKind).toList()
                : List.of();
    }

    /** What a reading without an index may skip. */
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

    /** Whether a record may fit, before it is read. */
    boolean mayAccept(StoredRecord link) {
        String message = equal.get("message");
        return message == null || message.equals(link.message());
    }

    /** Whether a record fits, but for {@link #properties} and {@link #application}, which concern its message. */
    boolean accepts(AuditRecord audited) {
        return acceptsHeader(audited) && acceptsSecret(audited);
    }

    private boolean acceptsHeader(AuditRecord audited) {
        if (!kinds.isEmpty() && kinds.stream().noneMatch(audited::is)) {
            return false;
        }
        for (Map.Entry<String, String> each : equal.entrySet()) {
            String found =
                    switch (each.getKey()) {
                        case MESSAGE_ID -> audited.detail("mimeMessageId");
                        case "queue_id" -> audited.detail("queueId");
                        default -> audited.header(each.getKey());
                    };
            if (each.getKey().equals("port") ? !matches(found, each.getValue()) : !found.equals(each.getValue())) {
                return false;
            }
        }
        if (since.isEmpty() && until.isEmpty()) {
            return true;
        }
        Instant at = audited.at();
        return since.map(from -> !at.isBefore(from)).orElse(true)
                && until.map(to -> at.isBefore(to)).orElse(true);
    }

    /** Whether a name fits a pattern in which {@code *} matches any text. */
    private static boolean matches(String name, String pattern) {
        return pattern.contains("*")
                ? name.matches(Arrays.stream(pattern.split("\\*", -1))
                        .map(Pattern::quote)
                        .collect(Collectors.joining(".*")))
                : name.equals(pattern);
    }

    private boolean acceptsSecret(AuditRecord audited) {
        if (!recipient.isEmpty()) {
            Set<String> addresses = IndexKey.addresses(audited.secret());
            if (recipient.stream().noneMatch(each -> addresses.contains(each.toLowerCase(Locale.ROOT)))) {
                return false;
            }
        }
        return acceptsText(audited);
    }

    private boolean acceptsText(AuditRecord audited) {
        for (Map.Entry<String, String> each : containing.entrySet()) {
            String text = each.getKey().equals("*") ? audited.secret().toString() : audited.detail(each.getKey());
            if (!text.toLowerCase(Locale.ROOT).contains(each.getValue().toLowerCase(Locale.ROOT))) {
                return false;
            }
        }
        return true;
    }
}
