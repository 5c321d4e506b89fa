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
 * @param lane the chain it is part of
 * @param seq its number in the chain, from 1
 * @param hash SHA-256 of the header's canonical bytes, hex
 * @param header the plain part
 * @param secret the private part; empty when it was erased
 * @param link the bytes that the hash covers
 */
public record AuditRecord(
        long lane, long seq, String hash, Map<String, Object> header, Map<String, Object> secret, StoredRecord link) {

    public static AuditRecord of(StoredRecord link) {
        String secret = link.secret();
        return new AuditRecord(
                link.lane(),
                link.seq(),
                link.hash(),
                Ledger.parse(link.header()),
                secret == null ? Map.of() : Ledger.parse(secret),
                link);
    }

    /** A field of the header as text; empty when it is missing. */
    public String header(String name) {
        return String.valueOf(header.getOrDefault(name, ""));
    }

    /** Its time. */
    public Instant at() {
        return Instant.parse(header("at"));
    }

    /** Whether it has that kind. */
    public boolean is(Kind kind) {
        return header("kind").equals(kind.name());
    }

    /** A field of the private part as text; empty when it is missing. */
    public String detail(String name) {
        return String.valueOf(secret.getOrDefault(name, ""));
    }

    /**
     * As {@link #asMap}, with the proof under {@code proof}: the bytes of header and private part, the salt in hex, and
     * {@code inclusion}.
     *
     * @param inclusion the result of {@link Inclusion#of}
     */
    public Map<String, Object> asEvidence(Optional<Map<String, Object>> inclusion) {
        Map<String, Object> all = asMap();
        Map<String, Object> proof = new TreeMap<>();
        proof.put("header", link.header());
        String kept = link.secret();
        if (kept != null) {
            proof.put("private", kept);
            proof.put("salt", HexFormat.of().formatHex(link.salt().orElse(new byte[0])));
        }
        inclusion.ifPresent(path -> proof.put("inclusion", path));
        all.put("proof", proof);
        return all;
    }

    /** Header, private part and hash, as {@code --json} prints them. */
    public Map<String, Object> asMap() {
        Map<String, Object> all = new TreeMap<>(header);
        all.remove("private");
        all.putAll(secret);
        all.put("hash", hash);
        return all;
    }
}
