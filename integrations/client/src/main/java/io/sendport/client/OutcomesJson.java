package io.sendport.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sendport.api.message.MessageId;
import io.sendport.api.outcome.OutcomeEvent;
import io.sendport.api.outcome.OutcomeKind;
import io.sendport.api.outcome.OutcomePage;
import io.sendport.api.outcome.OutcomePosition;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Parses the response to {@code GET /api/v1/outcomes}. */
final class OutcomesJson {

    private static final JsonFactory JSON = new JsonFactory();

    private OutcomesJson() {}

    /**
     * Parses a page.
     *
     * @throws IOException when it is not JSON, or a field is missing
     * @throws IllegalArgumentException when a value is not valid
     */
    static OutcomePage page(String text) throws IOException {
        List<OutcomeEvent> events = new ArrayList<>();
        Optional<String> next = Optional.empty();
        boolean isAll = false;
        try (JsonParser parser = JSON.createParser(text)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                switch (name) {
                    case "items" -> {
                        while (parser.nextToken() == JsonToken.START_OBJECT) {
                            events.add(event(parser));
                        }
                    }
                    case "next" -> next = Optional.of(parser.getText());
                    case "complete" -> isAll = value == JsonToken.VALUE_TRUE;
                    default -> parser.skipChildren();
                }
            }
        }
        return new OutcomePage(
                events,
                new OutcomePosition(next.orElseThrow(() -> new IOException("the field next is missing"))),
                !isAll);
    }

    private static OutcomeEvent event(JsonParser parser) throws IOException {
        Map<String, String> fields = new HashMap<>();
        Map<String, String> properties = new HashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (value == JsonToken.START_OBJECT && name.equals("properties")) {
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String property = parser.currentName();
                    parser.nextToken();
                    properties.put(property, parser.getText());
                }
            } else if (value.isStructStart()) {
                parser.skipChildren();
            } else if (value != JsonToken.VALUE_NULL) {
                fields.put(name, parser.getText());
            }
        }
        return new OutcomeEvent(
                required(fields, "id"),
                OutcomeKind.of(required(fields, "outcome")),
                new MessageId(required(fields, "message")),
                required(fields, "port"),
                Optional.ofNullable(fields.get("dedupeKey")),
                properties,
                Optional.ofNullable(fields.get("recipient")),
                required(fields, "reply"),
                Optional.ofNullable(fields.get("mimeMessageId")),
                Instant.parse(required(fields, "at")),
                new OutcomePosition(required(fields, "position")));
    }

    private static String required(Map<String, String> fields, String name) throws IOException {
        String value = fields.get(name);
        if (value == null) {
            throw new IOException("an outcome is missing the field " + name);
        }
        return value;
    }
}
