package io.sendport.host.ledger;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A record as its row has it: the link, and the columns by which it is searched.
 *
 * @param link what is hashed
 * @param at milliseconds since 1970; text, since SQLite lets anything stand in a column
 * @param kind its kind
 * @param port the port; null for none
 * @param message the message; null for none
 * @param step its number among the message's records; null for none
 * @param mimeMessageId Message-ID; null for none
 * @param queueId what the relay called it; null for none
 */
record StoredLink(
        Link link,
        @Nullable String at,
        String kind,
        @Nullable String port,
        @Nullable String message,
        @Nullable String step,
        @Nullable String mimeMessageId,
        @Nullable String queueId) {

    private static final JsonFactory JSON = new JsonFactory();

    static StoredLink read(ResultSet row) throws SQLException {
        return new StoredLink(
                Link.read(row),
                row.getString(7),
                row.getString(8),
                row.getString(9),
                row.getString(10),
                row.getString(11),
                row.getString(12),
                row.getString(13));
    }

    /** Whether the columns say what the record says; {@code index} hears of its recipients. */
    boolean agreesWith(LinkHeader header, RecipientIndex index) {
        if (!Long.toString(Instant.parse(header.at).toEpochMilli()).equals(at)
                || !Objects.equals(step, header.step == 0 ? null : Long.toString(header.step))
                || !kind.equals(header.kind)
                || !Objects.equals(port, header.port)
                || !Objects.equals(message, header.message)) {
            return false;
        }
        String secret = link.secret();
        if (secret == null) {
            return mimeMessageId == null && queueId == null;
        }
        Found found = Found.in(secret);
        index.expect(found.addresses.size());
        return Objects.equals(mimeMessageId, found.mimeMessageId) && Objects.equals(queueId, found.queueId);
    }

    /** The addresses that a private part names, as the index has them. */
    static Set<String> addresses(@Nullable String secret) {
        return secret == null ? Set.of() : Found.in(secret).addresses;
    }

    /** What of a private part has a column or an index. */
    private static final class Found {
        private final Set<String> addresses = new HashSet<>();
        private @Nullable String mimeMessageId;
        private @Nullable String queueId;

        static Found in(String secret) {
            Found found = new Found();
            try (JsonParser json = JSON.createParser(secret)) {
                json.nextToken();
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String name = json.currentName();
                    JsonToken value = json.nextToken();
                    switch (name) {
                        case "recipients" -> found.recipients(json, value);
                        case "mimeMessageId" -> found.mimeMessageId = json.getText();
                        case "queueId" -> found.queueId = json.getText();
                        default -> json.skipChildren();
                    }
                }
                return found;
            } catch (IOException e) {
                throw new IllegalArgumentException("a private part that is no JSON: " + e.getMessage(), e);
            }
        }

        private void recipients(JsonParser json, JsonToken value) throws IOException {
            if (value != JsonToken.START_ARRAY) {
                json.skipChildren();
                return;
            }
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
