package io.sendport.host.ledger;

import io.sendport.host.ledger.verify.Inclusion;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A record on the ledger.
 *
 * @param lane the number of its lane
 * @param seq its number in the lane, from 1
 * @param hash SHA-256 of the header's canonical JSON, hex
 * @param header the fields of the header
 * @param secret the fields of the private part; empty when it was erased
 * @param link the record as it is stored
 */
public record AuditRecord(
        long lane, long seq, String hash, Map<String, Object> header, Map<String, Object> secret, StoredRecord link) {

    /**
     * Parses a stored record.
     *
     * @throws IllegalArgumentException when the header or the private part is not a JSON object
     */
    public static AuditRecord of(StoredRecord stored) {
        String privatePart = stored.secret();
        return new AuditRecord(
                stored.lane(),
                stored.seq(),
                stored.hash(),
                Ledger.parse(stored.header()),
                privatePart == null ? Map.of() : Ledger.parse(privatePart),
                stored);
    }

    /** Returns a field of the header as text; empty when it is missing. */
    public String header(String name) {
        return String.valueOf(header.getOrDefault(name, ""));
    }

    /** Returns the time of recording. */
    public Instant at() {
        return Instant.parse(header("at"));
    }

    /** Returns whether it has that kind. */
    public boolean is(Kind kind) {
        return header("kind").equals(kind.name());
    }

    /** Returns a field of the private part as text; empty when it is missing. */
    public String detail(String name) {
        return String.valueOf(secret.getOrDefault(name, ""));
    }

    /**
     * As {@link #asMap}, with a proof under {@code proof}: the canonical JSON of header and private part, the salt in hex, and
     * {@code inclusion}.
     *
     * @param inclusion the result of {@link Inclusion#of}; empty if no checkpoint covers the record
     */
    public Map<String, Object> asEvidence(Optional<Map<String, Object>> inclusion) {
        Map<String, Object> all = asMap();
        Map<String, Object> proof = new TreeMap<>();
        proof.put("header", link.header());
        String privatePart = link.secret();
        if (privatePart != null) {
            proof.put("private", privatePart);
            proof.put("salt", HexFormat.of().formatHex(link.salt().orElse(new byte[0])));
        }
        inclusion.ifPresent(path -> proof.put("inclusion", path));
        all.put("proof", proof);
        return all;
    }

    /** Returns header, private part and hash, as {@code --json} prints them. */
    public Map<String, Object> asMap() {
        Map<String, Object> all = new TreeMap<>(header);
        all.remove("private");
        all.putAll(secret);
        all.put("hash", hash);
        return all;
    }
}
