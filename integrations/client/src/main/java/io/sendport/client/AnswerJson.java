package io.sendport.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the scalar fields of an API response. A response that is not JSON has none, because it comes from something else, such as a proxy.
 */
final class AnswerJson {

    private static final JsonFactory JSON = new JsonFactory();

    private AnswerJson() {}

    /** The strings, numbers and booleans of an object, as text. */
    static Map<String, String> fields(String text) {
        try (JsonParser parser = JSON.createParser(text)) {
            return parser.nextToken() == JsonToken.START_OBJECT ? object(parser) : Map.of();
        } catch (IOException e) {
            return Map.of();
        }
    }

    /** The scalar fields of the object under {@code name} in an object. */
    static Map<String, String> fields(String text, String name) {
        try (JsonParser parser = JSON.createParser(text)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean isWanted = parser.currentName().equals(name);
                if (parser.nextToken() == JsonToken.START_OBJECT && isWanted) {
                    return object(parser);
                }
                parser.skipChildren();
            }
            return Map.of();
        } catch (IOException e) {
            return Map.of();
        }
    }

    /** The scalar fields of each object in the array {@code items}. */
    static List<Map<String, String>> objects(String text) {
        List<Map<String, String>> all = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(text)) {
            while (parser.nextToken() != null) {
                boolean isList = parser.currentToken() == JsonToken.FIELD_NAME
                        && parser.currentName().equals("items")
                        && parser.nextToken() == JsonToken.START_ARRAY;
                while (isList && parser.nextToken() == JsonToken.START_OBJECT) {
                    all.add(object(parser));
                }
            }
            return all;
        } catch (IOException e) {
            return List.of();
        }
    }

    private static Map<String, String> object(JsonParser parser) throws IOException {
        Map<String, String> fields = new HashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (value.isStructStart()) {
                parser.skipChildren();
            } else if (value != JsonToken.VALUE_NULL) {
                fields.put(name, parser.getText());
            }
        }
        return fields;
    }
}
