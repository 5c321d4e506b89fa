package io.sendport.host.ledger;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * JSON in the canonical form of RFC 8785: members sorted by name, no white space, minimal escapes. Numbers are whole and at most
 * 2^53 - 1, so that every reader represents them exactly.
 */
public final class CanonicalJson {

    private static final long LARGEST = (1L << 53) - 1;

    private CanonicalJson() {}

    /**
     * The text of {@code value}: a map with text keys, a list, text, a whole number or a boolean.
     *
     * @throws IllegalArgumentException when it contains anything else
     */
    public static String of(Object value) {
        StringBuilder json = new StringBuilder(512);
        write(value, json);
        return json.toString();
    }

    private static void write(Object value, StringBuilder json) {
        if (value instanceof String text) {
            quote(text, json);
        } else if (value instanceof Map<?, ?> map) {
            object(map, json);
        } else if (value instanceof List<?> list) {
            array(list, json);
        } else if (value instanceof Boolean flag) {
            json.append(flag.booleanValue());
        } else if (value instanceof Integer || value instanceof Long) {
            long number = ((Number) value).longValue();
            if (Math.abs(number) > LARGEST) {
                throw new IllegalArgumentException(number + " is too large for every JSON reader to represent exactly");
            }
            json.append(number);
        } else {
            throw new IllegalArgumentException(
                    "a ledger record cannot contain a " + value.getClass().getName());
        }
    }

    private static void object(Map<?, ?> map, StringBuilder json) {
        char separator = '{';
        for (Map.Entry<?, ?> member : sorted(map).entrySet()) {
            json.append(separator);
            quote((String) member.getKey(), json);
            json.append(':');
            write(member.getValue(), json);
            separator = ',';
        }
        json.append(map.isEmpty() ? "{}" : "}");
    }

    /** The map sorted by name; most maps already are. */
    private static Map<?, ?> sorted(Map<?, ?> map) {
        return map.size() < 2 || (map instanceof SortedMap<?, ?> byName && byName.comparator() == null)
                ? map
                : new TreeMap<>(map);
    }

    private static void array(List<?> list, StringBuilder json) {
        char separator = '[';
        for (Object item : list) {
            json.append(separator);
            write(item, json);
            separator = ',';
        }
        json.append(list.isEmpty() ? "[]" : "]");
    }

    private static void quote(String text, StringBuilder json) {
        if (isPlain(text)) {
            json.append('"').append(text).append('"');
            return;
        }
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                case '\b' -> json.append("\\b");
                case '\f' -> json.append("\\f");
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                default -> {
                    boolean lone = Character.isSurrogate(c) && !isPaired(text, i);
                    if (lone) {
                        json.append('\uFFFD');
                    } else if (c < 0x20) {
                        json.append(String.format("\\u%04x", (int) c));
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        json.append('"');
    }

    /** Whether the text needs no escapes, as most texts. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c == '"' || c == '\\' || Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPaired(String text, int i) {
        return Character.isHighSurrogate(text.charAt(i))
                ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    }
}
