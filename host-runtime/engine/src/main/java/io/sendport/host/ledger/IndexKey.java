package io.sendport.host.ledger;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A key of the search index.
 *
 * @param by the indexed field
 * @param name the name of a property; empty for other fields
 * @param value the message's id, the address in lower case, the start of the property's value, or the kind
 */
public record IndexKey(By by, String name, String value) {

    /** The maximum length of an indexed value in characters, because an index cannot hold long texts. */
    private static final int MAX_LENGTH = 500;

    /** The hex digits of a hash in a key. A search checks each found record, so a collision only costs time. */
    private static final int HASH_DIGITS = 32;

    /** The indexed fields, with the prefixes of their keys. */
    public enum By {
        /** The id of a message. */
        MESSAGE("m:"),
        /** The address of a recipient. */
        RECIPIENT("r:"),
        /** The name and value of a promoted property. */
        PROPERTY("p:"),
        /** The kind of a record that concerns no message. */
        KIND("k:");

        private final String prefix;

        By(String prefix) {
            this.prefix = prefix;
        }
    }

    static IndexKey ofMessage(String id) {
        return new IndexKey(By.MESSAGE, "", id);
    }

    /** Creates the key of a recipient. */
    public static IndexKey ofRecipient(String address) {
        return new IndexKey(By.RECIPIENT, "", clean(address.toLowerCase(Locale.ROOT)));
    }

    /** Creates the key of a promoted property. */
    public static IndexKey ofProperty(String name, String value) {
        return new IndexKey(By.PROPERTY, clean(name), begin(value));
    }

    static IndexKey ofKind(Kind kind) {
        return new IndexKey(By.KIND, "", kind.name());
    }

    /**
     * Returns the key in the index of segments. For recipients and properties it is a hash, because SQLite leaves copies of entries that
     * it moves, and an erasure does not reach these copies.
     */
    public String text() {
        return switch (by) {
            case MESSAGE, KIND -> by.prefix + value;
            case RECIPIENT, PROPERTY ->
                by.prefix + Hashing.ofHeader(name.length() + ":" + name + value).substring(0, HASH_DIGITS);
        };
    }

    /** Returns the indexed part of a property's value: its first 500 characters. */
    public static String begin(String value) {
        return clean(value.substring(0, Math.min(MAX_LENGTH, value.length())));
    }

    /** Replaces the character that PostgreSQL cannot store. */
    private static String clean(String text) {
        return text.replace('\u0000', ' ');
    }

    /** Returns the keys of a record in the index of segments. */
    static Set<String> of(AuditRecord record) {
        Set<String> keys = new TreeSet<>();
        Object message = record.header().get("message");
        keys.add((message == null
                        ? new IndexKey(By.KIND, "", record.header("kind"))
                        : ofMessage(record.header("message")))
                .text());
        addresses(record.secret())
                .forEach(address -> keys.add(ofRecipient(address).text()));
        properties(record.secret())
                .forEach((name, value) -> keys.add(
                        ofProperty(String.valueOf(name), String.valueOf(value)).text()));
        return keys;
    }

    /** Returns the recipients that a private part names, in lower case. */
    static Set<String> addresses(Map<String, Object> privatePart) {
        Set<String> addresses = new TreeSet<>();
        if (privatePart.get("recipients") instanceof List<?> recipients) {
            for (Object each : recipients) {
                if (each instanceof Map<?, ?> recipient) {
                    addresses.add(String.valueOf(recipient.get("address")).toLowerCase(Locale.ROOT));
                }
            }
        }
        return addresses;
    }

    /** Returns the promoted properties of a private part, by name. */
    static Map<?, ?> properties(Map<String, Object> privatePart) {
        return privatePart.get("properties") instanceof Map<?, ?> properties ? properties : Map.of();
    }
}
