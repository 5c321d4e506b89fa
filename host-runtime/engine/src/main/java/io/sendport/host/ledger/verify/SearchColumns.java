package io.sendport.host.ledger.verify;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sendport.host.ledger.IndexKey;
import io.sendport.host.ledger.Segment;
import io.sendport.host.ledger.StoredRecord;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Compares search columns with records, and computes the index entries that records require. With wrong columns or entries, a search
 * would miss records. Not thread-safe.
 */
final class SearchColumns {

    /** The SQL expression for all search columns as one text, because each fetched column costs time. A length precedes each text. */
    static final String SQL = "CAST(at AS TEXT) || '|' || kind || '|' || " + lengthAndText("port") + " || '|' || "
            + lengthAndText("message")
            + " || '|' || coalesce(CAST(step AS TEXT), '') || '|' || " + lengthAndText("mime_message_id")
            + " || '|' || "
            + lengthAndText("queue_id");

    private static final JsonFactory JSON = new JsonFactory();

    /** The number of characters of a time such as {@code 2026-11-22T01:10:41.333Z} up to the second. */
    private static final int SECOND_LENGTH = 19;

    private String second = "";
    private long secondMillis;

    private static String lengthAndText(String column) {
        return "coalesce(CAST(length(" + column + ") AS TEXT) || ':' || " + column + ", '')";
    }

    /** Returns whether {@code columns}, the value of {@link #SQL}, match the record. */
    boolean match(String columns, StoredRecord record, LinkHeader header) {
        Found found = Found.in(record.secret());
        StringBuilder expected = new StringBuilder(columns.length());
        expected.append(millis(header.at)).append('|').append(header.kind).append('|');
        append(header.port, expected).append('|');
        append(header.message, expected).append('|');
        if (header.step != 0) {
            expected.append(header.step);
        }
        append(found.mimeMessageId, expected.append('|')).append('|');
        append(found.queueId, expected);
        return expected.compareTo(new StringBuilder(columns)) == 0;
    }

    /** Returns whether {@code columns} match the records of a segment. */
    boolean match(Segment.Derived columns, List<CheckedRecord> records) {
        long minAt = Long.MAX_VALUE;
        long maxAt = Long.MIN_VALUE;
        TreeSet<String> kinds = new TreeSet<>();
        String lastHash = "";
        for (CheckedRecord each : records) {
            long at = millis(each.header().at);
            minAt = Math.min(minAt, at);
            maxAt = Math.max(maxAt, at);
            kinds.add(each.header().kind);
            lastHash = each.link().hash();
        }
        return columns.equals(new Segment.Derived(minAt, maxAt, Segment.kinds(kinds), lastHash));
    }

    /** Adds the keys by which an index must find the record. */
    static void addKeys(StoredRecord record, LinkHeader header, boolean isInSegment, Set<IndexKey> keys) {
        Found found = Found.in(record.secret());
        found.addresses.forEach(address -> keys.add(IndexKey.ofRecipient(address)));
        found.properties.forEach((name, value) -> keys.add(IndexKey.ofProperty(name, value)));
        if (isInSegment) {
            String message = header.message;
            keys.add(
                    message == null
                            ? new IndexKey(IndexKey.By.KIND, "", header.kind)
                            : new IndexKey(IndexKey.By.MESSAGE, "", message));
        }
    }

    private static StringBuilder append(@Nullable String value, StringBuilder text) {
        return value == null
                ? text
                : text.append(value.codePointCount(0, value.length()))
                        .append(':')
                        .append(value);
    }

    /** Converts a time to milliseconds since 1970. Caches the last second, because thousands of records share it. */
    private long millis(String at) {
        boolean isWhole = at.length() == SECOND_LENGTH + 1 && at.charAt(SECOND_LENGTH) == 'Z';
        boolean hasMillis = at.length() == SECOND_LENGTH + 5 && at.charAt(SECOND_LENGTH) == '.' && at.endsWith("Z");
        if (!isWhole && !hasMillis) {
            return Instant.parse(at).toEpochMilli();
        }
        if (!at.startsWith(second) || second.isEmpty()) {
            secondMillis = Instant.parse(at.substring(0, SECOND_LENGTH) + "Z").toEpochMilli();
            second = at.substring(0, SECOND_LENGTH);
        }
        return isWhole ? secondMillis : secondMillis + Integer.parseInt(at, SECOND_LENGTH + 1, SECOND_LENGTH + 4, 10);
    }

    /** The fields of a private part that have a column or an index. */
    private static final class Found {
        private Set<String> addresses = Set.of();
        private Map<String, String> properties = Map.of();
        private @Nullable String mimeMessageId;
        private @Nullable String queueId;

        static Found in(@Nullable String privatePart) {
            Found found = new Found();
            if (privatePart == null) {
                return found;
            }
            try (JsonParser json = JSON.createParser(privatePart)) {
                json.nextToken();
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String name = json.currentName();
                    JsonToken value = json.nextToken();
                    switch (name) {
                        case "recipients" -> found.recipients(json, value);
                        case "properties" -> found.properties(json, value);
                        case "mimeMessageId" -> found.mimeMessageId = json.getText();
                        case "queueId" -> found.queueId = json.getText();
                        default -> json.skipChildren();
                    }
                }
                return found;
            } catch (IOException e) {
                throw new IllegalArgumentException("a private part is not valid JSON: " + e.getMessage(), e);
            }
        }

        private void properties(JsonParser json, JsonToken value) throws IOException {
            if (value != JsonToken.START_OBJECT) {
                json.skipChildren();
                return;
            }
            properties = new HashMap<>(2);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                properties.put(name, IndexKey.begin(json.getText()));
                json.skipChildren();
            }
        }

        private void recipients(JsonParser json, JsonToken value) throws IOException {
            if (value != JsonToken.START_ARRAY) {
                json.skipChildren();
                return;
            }
            addresses = new HashSet<>(2);
            int depth = 1;
            while (depth > 0) {
                JsonToken next = json.nextToken();
                if (next == null) {
                    return;
                }
                if (next.isStructStart()) {
                    depth++;
                } else if (next.isStructEnd()) {
                    depth--;
                } else if (next == JsonToken.FIELD_NAME && json.currentName().equals("address")) {
                    json.nextToken();
                    addresses.add(json.getText().toLowerCase(Locale.ROOT));
                }
            }
        }
    }
}
