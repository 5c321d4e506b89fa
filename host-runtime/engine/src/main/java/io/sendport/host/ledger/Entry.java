package io.sendport.host.ledger;

import io.sendport.api.adapter.DeliveryResult;
import io.sendport.api.adapter.RecipientResult;
import io.sendport.api.mail.MailAddress;
import io.sendport.api.message.MessageId;
import io.sendport.support.text.Text;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A new entry for the ledger. It has a plain header, and a private part that can be erased without breaking the chain. The ledger
 * adds its place (lane, seq, time, hashes). Mutable and not thread-safe.
 */
public final class Entry {

    private final Kind kind;
    private final SortedMap<String, Object> header = new TreeMap<>();
    private final Map<String, Object> details = new TreeMap<>();
    private @Nullable PrivatePart privatePart;

    private Entry(Kind kind) {
        this.kind = kind;
    }

    /** Creates an empty entry of this kind. */
    public static Entry of(Kind kind) {
        return new Entry(kind);
    }

    /** Sets the host and the acting instance. */
    public Entry by(String host, String instance) {
        return header("host", host).header("instance", instance);
    }

    /** Sets the message, its port, and the number of this record among the message's records, from 1. */
    public Entry about(MessageId message, String port, long step) {
        header.put("step", step);
        return header("message", message.value()).header("port", port);
    }

    /** Adds a field to the plain header: an id, a digest or a number, never personal data. Ignores null and the empty text. */
    public Entry header(String name, @Nullable Object value) {
        if (value != null && !"".equals(value)) {
            header.put(name, value);
        }
        return this;
    }

    /** Returns a field of the plain header as text; empty when it is missing. */
    public String headerText(String name) {
        return String.valueOf(header.getOrDefault(name, ""));
    }

    /** Adds a field to the private part. Ignores null and empty values. */
    public Entry detail(String name, @Nullable Object value) {
        if (value != null
                && !"".equals(value)
                && !List.of().equals(value)
                && !Map.of().equals(value)) {
            details.put(name, value);
            privatePart = null;
        }
        return this;
    }

    /** Adds recipients without results to the private part. */
    public Entry recipients(List<MailAddress> addresses) {
        List<Object> list = new ArrayList<>();
        addresses.forEach(address -> list.add(Map.of("address", address.toString())));
        return detail("recipients", list);
    }

    /** Adds the result of an attempt to the private part. */
    public Entry result(DeliveryResult result) {
        List<Object> list = new ArrayList<>();
        for (RecipientResult each : result.recipients()) {
            Map<String, Object> one = new HashMap<>(each.facts().asMap());
            one.put("address", each.address().toString());
            one.put("outcome", Text.word(each.outcome()));
            one.put("reply", each.text());
            list.add(one);
        }
        result.facts().asMap().forEach(this::detail);
        return detail("recipients", list).detail("relay", result.peer());
    }

    /** The private part, as it is recorded. */
    static final class PrivatePart {
        final Map<String, Object> facts;
        final byte[] json;
        final byte[] salt;
        final String hash;

        /**
         * Creates a private part, and computes its hash.
         *
         * @param facts the disclosed fields
         * @param salt the random salt of this part
         */
        PrivatePart(Map<String, Object> facts, byte[] salt) {
            this.facts = facts;
            this.json = CanonicalJson.bytes(facts);
            this.salt = salt;
            this.hash = Hashing.ofPrivate(salt, json);
        }
    }

    /** Returns the private part for recording. Calls {@code maker} at first, and again after each addition. */
    PrivatePart privatePart(Function<Entry, PrivatePart> maker) {
        PrivatePart made = privatePart;
        if (made == null) {
            made = maker.apply(this);
            privatePart = made;
        }
        return made;
    }

    Kind kind() {
        return kind;
    }

    SortedMap<String, Object> header() {
        return header;
    }

    /** Returns the fields of the private part, before the ledger applies the disclosure. */
    Map<String, Object> details() {
        return details;
    }
}
