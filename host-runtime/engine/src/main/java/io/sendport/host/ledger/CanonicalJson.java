package io.sendport.host.ledger;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON in the canonical form of RFC 8785: members sorted by name, no white space, minimal escapes. Numbers are whole, and at
 * most 2^53 - 1 in absolute value, so that every reader represents them exactly.
 */
public final class CanonicalJson {

    private static final long MAX_NUMBER = (1L << 53) - 1;
    private static final int INITIAL_CAPACITY = 512;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] REPLACEMENT = "\uFFFD".getBytes(StandardCharsets.UTF_8);

    private byte[] bytes = new byte[INITIAL_CAPACITY];
    private int length;

    private CanonicalJson() {}

    /**
     * Returns the canonical JSON of {@code value}.
     *
     * @param value a map with text keys, a list, a text, a whole number or a boolean, nested to any depth
     * @throws IllegalArgumentException when it contains anything else
     */
    public static String of(Object value) {
        CanonicalJson json = new CanonicalJson();
        json.write(value);
        return new String(json.bytes, 0, json.length, StandardCharsets.UTF_8);
    }

    /** As {@link #of}, but in UTF-8. */
    static byte[] bytes(Object value) {
        CanonicalJson json = new CanonicalJson();
        json.write(value);
        return json.written();
    }

    /**
     * Returns an object with the members of both maps, in UTF-8.
     *
     * @throws IllegalArgumentException when both have a member of the same name
     */
    static byte[] bytes(SortedMap<String, Object> one, SortedMap<String, Object> other) {
        CanonicalJson json = new CanonicalJson();
        json.object(new Merged(one, other));
        return json.written();
    }

    private byte[] written() {
        return Arrays.copyOf(bytes, length);
    }

    private void write(Object value) {
        if (value instanceof String text) {
            quote(text);
        } else if (value instanceof Map<?, ?> map) {
            object(sorted(map).entrySet().iterator());
        } else if (value instanceof List<?> list) {
            array(list);
        } else if (value instanceof Boolean flag) {
            ascii(flag.toString());
        } else if (value instanceof Integer || value instanceof Long) {
            long number = ((Number) value).longValue();
            if (Math.abs(number) > MAX_NUMBER) {
                throw new IllegalArgumentException(number + " is too large for every JSON reader to represent exactly");
            }
            ascii(Long.toString(number));
        } else {
            throw new IllegalArgumentException(
                    "a ledger record cannot contain a " + value.getClass().getName());
        }
    }

    private void object(Iterator<? extends Map.Entry<?, ?>> members) {
        add('{');
        while (members.hasNext()) {
            Map.Entry<?, ?> member = members.next();
            quote((String) member.getKey());
            add(':');
            write(member.getValue());
            if (members.hasNext()) {
                add(',');
            }
        }
        add('}');
    }

    /** Returns the map sorted by name. Does not copy a map that is sorted already. */
    private static Map<?, ?> sorted(Map<?, ?> map) {
        return map.size() < 2 || (map instanceof SortedMap<?, ?> byName && byName.comparator() == null)
                ? map
                : new TreeMap<>(map);
    }

    private void array(List<?> list) {
        add('[');
        for (int i = 0; i < list.size(); i++) {
            if (i > 0) {
                add(',');
            }
            write(list.get(i));
        }
        add(']');
    }

    private void quote(String text) {
        ensureRoom(text.length() + 2);
        add('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                i += nonAscii(text, i);
            } else if (c >= 0x20 && c != '"' && c != '\\') {
                add(c);
            } else {
                escape(c);
            }
        }
        add('"');
    }

    private void escape(char c) {
        switch (c) {
            case '"' -> ascii("\\\"");
            case '\\' -> ascii("\\\\");
            case '\b' -> ascii("\\b");
            case '\f' -> ascii("\\f");
            case '\n' -> ascii("\\n");
            case '\r' -> ascii("\\r");
            case '\t' -> ascii("\\t");
            default -> {
                ascii("\\u00");
                add((char) HEX[c >> 4]);
                add((char) HEX[c & 0xF]);
            }
        }
    }

    /**
     * Adds the character at {@code i} in UTF-8. A surrogate without its other half becomes U+FFFD.
     *
     * @return the number of additional {@code char} values that the character consists of
     */
    private int nonAscii(String text, int i) {
        int point = text.codePointAt(i);
        if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
            add(REPLACEMENT);
            return 0;
        }
        add(Character.toString(point).getBytes(StandardCharsets.UTF_8));
        return Character.charCount(point) - 1;
    }

    private void ascii(String text) {
        for (int i = 0; i < text.length(); i++) {
            add(text.charAt(i));
        }
    }

    private void add(byte[] more) {
        ensureRoom(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
    }

    private void add(char ascii) {
        ensureRoom(1);
        bytes[length++] = (byte) ascii;
    }

    private void ensureRoom(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }

    /** Merges the members of two sorted maps into one order. */
    private static final class Merged implements Iterator<Map.Entry<String, Object>> {
        private final Iterator<Map.Entry<String, Object>> ones;
        private final Iterator<Map.Entry<String, Object>> others;
        private Map.@Nullable Entry<String, Object> one;
        private Map.@Nullable Entry<String, Object> other;

        Merged(SortedMap<String, Object> one, SortedMap<String, Object> other) {
            this.ones = one.entrySet().iterator();
            this.others = other.entrySet().iterator();
            this.one = nextOrNull(ones);
            this.other = nextOrNull(others);
        }

        private static Map.@Nullable Entry<String, Object> nextOrNull(Iterator<Map.Entry<String, Object>> members) {
            return members.hasNext() ? members.next() : null;
        }

        @Override
        public boolean hasNext() {
            return one != null || other != null;
        }

        @Override
        public Map.Entry<String, Object> next() {
            Map.Entry<String, Object> first = one;
            Map.Entry<String, Object> second = other;
            if (first != null && second != null && first.getKey().equals(second.getKey())) {
                throw new IllegalArgumentException("two members are named " + first.getKey());
            }
            if (first != null && (second == null || first.getKey().compareTo(second.getKey()) < 0)) {
                one = nextOrNull(ones);
                return first;
            }
            if (second == null) {
                throw new java.util.NoSuchElementException();
            }
            other = nextOrNull(others);
            return second;
        }
    }
}
