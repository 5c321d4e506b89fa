package io.sendport.api.adapter;

import io.sendport.support.text.Text;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What an adapter wants on record in addition to the outcome: short texts by name, in insertion order. An example is the name under which
 * the peer knows the mail. The engine writes them to the audit ledger under the same names and makes no decision from them. A fact must not
 * hold a secret or content of the mail. Immutable and thread-safe; null is never allowed.
 */
public final class Facts {

    /** No facts. */
    public static final Facts NONE = new Facts(Map.of());

    /** The maximum number of facts. */
    public static final int MOST = 16;

    /** The maximum number of characters of a value; the rest is cut off. */
    public static final int LONGEST = 1_000;

    /** The name of the fact that holds the adapter's own step, such as {@code RCPT}. It is shown before the text. */
    public static final String PHASE = "phase";

    private static final int MAX_NAME = 40;

    /** Names that records of attempts already use. */
    private static final Set<String> RESERVED = Set.of(
            "address",
            "code",
            "deliveries",
            "detail",
            "dialogue",
            "enhanced",
            "handover",
            "millis",
            "mimeMessageId",
            "next",
            "outcome",
            "recipients",
            "relay",
            "reply",
            "rule",
            "sender",
            "subject",
            "text",
            "transport");

    private final Map<String, String> values;

    private Facts(Map<String, String> values) {
        this.values = values;
    }

    /** One fact, as {@link #with}. */
    public static Facts of(String name, String value) {
        return NONE.with(name, value);
    }

    /**
     * These facts with one fact added or replaced. Makes control characters of the value visible and cuts the value after {@link #LONGEST}
     * characters. A fact without a value is left out.
     *
     * @param name 1 to 40 letters, digits and dots, starting with a lower-case letter
     * @throws IllegalArgumentException when the name is not allowed or reserved by the engine, or when there are already {@link #MOST}
     *     facts
     */
    public Facts with(String name, String value) {
        if (!isName(name) || RESERVED.contains(name)) {
            throw new IllegalArgumentException("fact \"" + Text.printable(name)
                    + "\": "
                    + (RESERVED.contains(name)
                            ? "the engine uses this name itself; choose another name"
                            : "expected 1 to 40 letters, digits and dots, starting with a lower-case letter"));
        }
        if (value.isEmpty()) {
            return this;
        }
        Map<String, String> more = new LinkedHashMap<>(values);
        more.put(name, Text.printable(value, LONGEST));
        if (more.size() > MOST) {
            throw new IllegalArgumentException("fact " + name + " is one too many, expected at most " + MOST);
        }
        return new Facts(Collections.unmodifiableMap(more));
    }

    private static boolean isName(String name) {
        boolean fits = !name.isEmpty() && name.length() <= MAX_NAME && isLower(name.charAt(0));
        for (int i = 1; fits && i < name.length(); i++) {
            char c = name.charAt(i);
            fits = isLower(c) || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.';
        }
        return fits;
    }

    private static boolean isLower(char c) {
        return c >= 'a' && c <= 'z';
    }

    /** The value of {@code name}; empty when there is none. */
    public String get(String name) {
        return values.getOrDefault(name, "");
    }

    /** All facts in their order; unmodifiable. */
    public Map<String, String> asMap() {
        return values;
    }

    /** Whether the engine reserves {@code name}, so that no fact may have it. */
    public static boolean isReserved(String name) {
        return RESERVED.contains(name);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Facts facts && values.equals(facts.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    /** Names only, because values may be personal data. */
    @Override
    public String toString() {
        return "Facts" + values.keySet();
    }
}
