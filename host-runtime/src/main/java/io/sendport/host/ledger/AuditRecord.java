package io.sendport.host.ledger;

import java.util.Map;
import java.util.TreeMap;

/**
 * A record as it stands on the ledger.
 *
 * @param lane the chain it is part of
 * @param seq its number in the chain, from 1
 * @param hash SHA-256 of the header's canonical bytes, hex
 * @param header the plain part
 * @param secret the private part; empty when it was erased
 */
public record AuditRecord(long lane, long seq, String hash, Map<String, Object> header, Map<String, Object> secret) {

    /** A fact of the header as text; empty when there is none. */
    public String header(String name) {
        return String.valueOf(header.getOrDefault(name, ""));
    }

    /** A fact of the private part as text; empty when there is none. */
    public String detail(String name) {
        return String.valueOf(secret.getOrDefault(name, ""));
    }

    /** Header, private part and hash together, as {@code --json} prints them. */
    public Map<String, Object> asMap() {
        Map<String, Object> all = new TreeMap<>(header);
        all.remove("private");
        all.putAll(secret);
        all.put("hash", hash);
        return all;
    }
}
