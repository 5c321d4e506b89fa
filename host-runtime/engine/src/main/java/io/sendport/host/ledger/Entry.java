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
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is to be recorded: a plain header, and a private part that can be erased without breaking the chain. Where it was recorded
 * (lane, seq, time, hashes) the ledger adds.
 */
public final class Entry {

    private final Kind kind;
    private final Map<String, Object> header = new TreeMap<>();
    private final Map<String, Object> secret = new TreeMap<>();
    private @Nullable Told told;

    private Entry(Kind kind) {
        this.kind = kind;
    }

    /** An entry of this kind, still empty. */
    public static Entry of(Kind kind) {
        return new Entry(kind);
    }

    /** The host, and the instance that acts. */
    public Entry by(String host, String instance) {
        return header("host", host).header("instance", instance);
    }

    /** The message, its port, and the number of this record among the message's records, from 1. */
    public Entry about(MessageId message, String port, long step) {
        header.put("step", step);
        return header("message", message.value()).header("port", port);
    }

    /** A fact for the plain header: an id, a digest or a number, nothing personal. */
    public Entry header(String name, @Nullable Object value) {
        if (value != null && !"".equals(value)) {
            header.put(name, value);
        }
        return this;
    }

    /** A fact of the plain header as text; empty when there is none. */
    public String headerText(String name) {
        return String.valueOf(header.getOrDefault(name, ""));
    }

    /** A fact for the private part. */
    public Entry detail(String name, @Nullable Object value) {
        if (value != null
                && !"".equals(value)
                && !List.of().equals(value)
                && !Map.of().equals(value)) {
            secret.put(name, value);
            told = null;
        }
        return this;
    }

    /** Recipients about whom nothing is known yet. */
    public Entry recipients(List<MailAddress> addresses) {
        List<Object> list = new ArrayList<>();
        addresses.forEach(address -> list.add(Map.of("address", address.toString())));
        return detail("recipients", list);
    }

    /** What came of an attempt. */
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

    /** The private part as it is recorded. */
    static final class Told {
        final Map<String, Object> facts;
        final String json;
        final byte[] salt;
        final String hash;

        /** Of {@code facts}, under a salt of its own. */
        Told(Map<String, Object> facts, byte[] salt) {
            this.facts = facts;
            this.json = CanonicalJson.of(facts);
            this.salt = salt;
            this.hash = Hashing.ofPrivate(salt, json);
        }
    }

    /** The private part, made by {@code maker} when it was not made since it was last added to. */
    Told told(Function<Entry, Told> maker) {
        Told made = told;
        if (made == null) {
            made = maker.apply(this);
            told = made;
        }
        return made;
    }

    Kind kind() {
        return kind;
    }

    Map<String, Object> header() {
        return header;
    }

    Map<String, Object> secret() {
        return secret;
    }
}
