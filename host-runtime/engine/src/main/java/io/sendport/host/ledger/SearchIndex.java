package io.sendport.host.ledger;

import io.sendport.host.store.sql.Sql;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;

/** Finds records by recipient and promoted property. The index is derived from the private part and deleted with it. */
public final class SearchIndex {

    private static final int LONGEST = 500;

    private SearchIndex() {}

    static void add(Sql sql, long lane, long seq, Map<String, Object> secret) {
        for (String address : addresses(secret)) {
            sql.change(
                    "INSERT INTO audit_recipient (address, lane, seq) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                    address,
                    lane,
                    seq);
        }
        properties(secret)
                .forEach((name, value) -> sql.change(
                        "INSERT INTO audit_property (name, value, lane, seq) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                        String.valueOf(name),
                        begin(String.valueOf(value)),
                        lane,
                        seq));
    }

    /** Deletes by key, because neither index is sorted by place. */
    public static void remove(Handle handle, long lane, long seq, Map<String, Object> secret) {
        for (String address : addresses(secret)) {
            handle.execute(
                    "DELETE FROM audit_recipient WHERE address = ? AND lane = ? AND seq = ?", address, lane, seq);
        }
        properties(secret)
                .forEach((name, value) -> handle.execute(
                        "DELETE FROM audit_property WHERE name = ? AND value = ? AND lane = ? AND seq = ?",
                        String.valueOf(name),
                        begin(String.valueOf(value)),
                        lane,
                        seq));
    }

    private static Set<String> addresses(Map<String, Object> secret) {
        Set<String> addresses = new TreeSet<>();
        if (secret.get("recipients") instanceof List<?> recipients) {
            for (Object each : recipients) {
                if (each instanceof Map<?, ?> recipient) {
                    addresses.add(String.valueOf(recipient.get("address")).toLowerCase(Locale.ROOT));
                }
            }
        }
        return addresses;
    }

    private static Map<?, ?> properties(Map<String, Object> secret) {
        return secret.get("properties") instanceof Map<?, ?> properties ? properties : Map.of();
    }

    /** The indexed part of a property's value: its start, because an index cannot hold long texts. */
    public static String begin(String value) {
        return value.substring(0, Math.min(LONGEST, value.length())).replace('\u0000', ' ');
    }
}
