package io.sendport.host.box.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sendport.api.message.Context;
import io.sendport.host.ledger.CanonicalJson;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** Reads and writes a context as the store keeps it: JSON whose values start with a letter for their type. */
public final class ContextJson {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

    private ContextJson() {}

    public static String write(Context context) {
        Map<String, Object> typed = new TreeMap<>();
        context.asMap().forEach((name, value) -> typed.put(name, String.valueOf(letter(value)) + value));
        return CanonicalJson.of(typed);
    }

    public static Context read(String json) {
        try {
            Map<String, Object> values = new TreeMap<>();
            JSON.readValue(json, TEXTS).forEach((name, typed) -> values.put(name, value(typed)));
            return Context.of(values);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a context in the message box is damaged: " + e.getOriginalMessage(), e);
        }
    }

    private static char letter(Object value) {
        if (value instanceof String) {
            return 's';
        }
        if (value instanceof Long) {
            return 'n';
        }
        if (value instanceof BigDecimal) {
            return 'd';
        }
        return value instanceof Boolean ? 'b' : 't';
    }

    private static Object value(String typed) {
        String text = typed.substring(1);
        return switch (typed.charAt(0)) {
            case 's' -> text;
            case 'n' -> Long.valueOf(text);
            case 'd' -> new BigDecimal(text);
            case 'b' -> Boolean.valueOf(text);
            case 't' -> Instant.parse(text);
            default -> throw new IllegalStateException("a context in the message box has a value of unknown type");
        };
    }
}
