package io.sendport.api.adapter;

import io.sendport.support.text.Text;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What an adapter wants on record beside the outcome: short texts by name, in the order in which they were added, such as the name under which
 * the other side knows the mail. The engine writes them to the audit ledger under the same names and decides nothing by them. A fact must not
 * hold a secret or content of the mail. Immutable, for any number of threads; null is allowed nowhere.
 */
public final class Facts {

    /** No facts. */
    public static final Facts NONE = new Facts(Map.of());

    /** How many facts there may be. */
    public static final int MOST = 16;

    /** How many characters of a value are kept. */
    public static final int LONGEST = 1_000;

    /** The name of the fact that says at which of its own steps an adapter was, such as {@code RCPT}. It is shown before the text. */
    public static final String PHASE = "phase";

    private static final int LONGEST_NAME = 40;

    /** What records of attempts hold already. */
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
     * These facts and one more, or another value of the same name. Control characters of the value are made visible, and what is longer than
     * {@link #LONGEST} is cut. A fact without a value is left out.
     *
     * @param name 1 to 40 letters, digits and dots, the first a lower-case letter
     * @throws IllegalArgumentException when the name is not allowed or the engine uses it itself, or when there are {@link #MOST} already
     */
    public Facts with(String name, String value) {
        if (!isName(name) || RESERVED.contains(name)) {
            throw new IllegalArgumentException("fact \"" + Text.printable(name)
                    + "\": expected 1 to 40 letters, digits and dots, the first a lower-case letter, and none of "
                    + "the names that the engine uses");
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
        boolean fits = !name.isEmpty() && name.length() <= LONGEST_NAME && isLower(name.charAt(0));
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

    /** All of them, in their order; unmodifiable. */
    public Map<String, String> asMap() {
        return values;
    }

    /** Whether the engine uses {@code name} itself, so that no fact may have it. */
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

    /** Names only: values may be personal. */
    @Override
    public String toString() {
        return "Facts" + values.keySet();
    }
}
