package io.sendport.host.ledger;

import io.sendport.host.ledger.checkpoint.LedgerKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;

/** An insider who knows our code: writes to the store, and, where they have a key and the folder, signs. */
final class Forger {

    private static final byte[] SALT = new byte[16];

    private final Handle handle;
    private final Path folder;

    /**
     * In a store and a folder of statements.
     *
     * @param handle where they may change every row
     * @param folder of statements and public keys
     */
    Forger(Handle handle, Path folder) {
        this.handle = handle;
        this.folder = folder;
    }

    /** A statement about rows changes the segments that hold them. */
    int sql(String statement) {
        return statement.contains("audit_record")
                ? Forms.asRows(handle, () -> handle.execute(statement))
                : handle.execute(statement);
    }

    Ledger.Head record(long lane, long seq) {
        return StoredRecords.find(handle, lane, seq)
                .map(link -> new Ledger.Head(link.lane(), link.seq(), link.hash()))
                .orElseThrow();
    }

    Ledger.Head end(long lane) {
        return handle.createQuery("SELECT lane, head_seq, head_hash FROM audit_lane WHERE lane = ?")
                .bind(0, lane)
                .map((row, context) -> new Ledger.Head(row.getLong(1), row.getLong(2), row.getString(3)))
                .one();
    }

    /** Appends a record whose hashes are right. */
    void append(long lane, String kind, Map<String, Object> facts) {
        Ledger.Head end = end(lane);
        Map<String, Object> header = new TreeMap<>(facts);
        header.put("lane", lane);
        header.put("seq", end.seq() + 1);
        header.put("at", "2026-11-28T12:00:00.000Z");
        header.put("kind", kind);
        header.put("prevHash", end.hash());
        header.put("private", Hashing.ofPrivate(SALT, "{}"));
        String canonical = CanonicalJson.of(header);
        Forms.asRows(handle, () -> handle.createUpdate(
                        "INSERT INTO audit_record (lane, seq, at, kind, header, hash, salt, private)"
                                + " VALUES (:lane, :seq, :at, :kind, :header, :hash, :salt, '{}')")
                .bind("lane", lane)
                .bind("seq", end.seq() + 1)
                .bind("at", java.time.Instant.parse("2026-11-28T12:00:00.000Z").toEpochMilli())
                .bind("kind", kind)
                .bind("header", canonical)
                .bind("hash", Hashing.ofHeader(canonical))
                .bind("salt", SALT)
                .execute());
        move(lane, end.seq() + 1, Hashing.ofHeader(canonical));
    }

    /** A segment, its bytes as text of one byte a character. */
    static final class Forged {
        long lane;
        long first;
        long last;
        long minAt;
        long maxAt;
        String kinds;
        String lastHash;
        String headers;
        String secrets;
        boolean isCopy;

        private Forged(Segment from) {
            lane = from.lane();
            first = from.first();
            last = from.last();
            minAt = from.derived().minAt();
            maxAt = from.derived().maxAt();
            kinds = from.derived().kinds();
            lastHash = from.derived().lastHash();
            headers = new String(from.headers(), StandardCharsets.ISO_8859_1);
            secrets = new String(from.privateParts(), StandardCharsets.ISO_8859_1);
        }

        /** The bytes of the first private part and its salt. */
        int firstSecret() {
            return Integer.parseInt(secrets.substring(0, 8));
        }
    }

    /** Changes the segment that begins there, whatever a trigger says, or adds a changed copy. */
    void segment(long first, Consumer<Forged> change) {
        Forged segment = new Forged(read(first));
        change.accept(segment);
        if (!segment.isCopy) {
            handle.execute("DELETE FROM audit_segment WHERE lane = 0 AND first_seq = ?", first);
        }
        write(segment);
    }

    /** Adds a segment with the last record of another one. */
    void copyOfLast(long first) {
        Segment whole = read(first);
        StoredRecord last = whole.records().get(whole.records().size() - 1);
        AuditRecord record = AuditRecord.of(last);
        Segment.Growing growing = new Segment.Growing(0, last.seq());
        growing.add(
                record.at(),
                record.header("kind"),
                last.header().getBytes(StandardCharsets.UTF_8),
                last.hash(),
                last.salt().orElseThrow(),
                String.valueOf(last.secret()).getBytes(StandardCharsets.UTF_8));
        write(new Forged(growing.build()));
    }

    /** Exchanges the contents of two segments of the same number of records. */
    void swap(long one, long other) {
        Forged first = new Forged(read(one));
        Forged second = new Forged(read(other));
        segment(one, each -> {
            each.headers = second.headers;
            each.secrets = second.secrets;
            each.lastHash = second.lastHash;
        });
        segment(other, each -> {
            each.headers = first.headers;
            each.secrets = first.secrets;
            each.lastHash = first.lastHash;
        });
    }

    /** Adds a row of the old form for a record that a segment has already. */
    void rowBeside(long seq) {
        Forms.insertRow(handle, StoredRecords.find(handle, 0, seq).orElseThrow());
    }

    private Segment read(long first) {
        return handle.createQuery("SELECT " + Segment.COLUMNS + " FROM audit_segment WHERE lane = 0 AND first_seq = ?")
                .bind(0, first)
                .map((row, context) -> Segment.read(row))
                .one();
    }

    private void write(Forged segment) {
        handle.execute(
                "INSERT INTO audit_segment (" + Segment.COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                segment.lane,
                segment.first,
                segment.last,
                segment.minAt,
                segment.maxAt,
                segment.kinds,
                segment.lastHash,
                segment.headers.getBytes(StandardCharsets.ISO_8859_1),
                segment.secrets.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void move(long lane, long seq, String hash) {
        handle.execute("UPDATE audit_lane SET head_seq = ?, head_hash = ? WHERE lane = ?", seq, hash, lane);
    }

    /** Rewrites a lane: every header as {@code change} makes it, every hash recomputed. */
    void rewrite(long lane, UnaryOperator<Map<String, Object>> change) {
        Forms.asRows(handle, () -> {
            rewriteRows(lane, change);
            return true;
        });
        unindex();
    }

    /** The index is at the beginning from now on, so it cannot disagree. */
    void unindex() {
        handle.execute("DELETE FROM audit_key");
        handle.execute("UPDATE audit_indexed SET indexed_to = 0");
    }

    private void rewriteRows(long lane, UnaryOperator<Map<String, Object>> change) {
        List<Map.Entry<Long, String>> rows = handle.createQuery(
                        "SELECT seq, header FROM audit_record WHERE lane = ? ORDER BY seq")
                .bind(0, lane)
                .map((row, context) -> Map.entry(row.getLong(1), row.getString(2)))
                .list();
        String last = null;
        for (Map.Entry<Long, String> row : rows) {
            Map<String, Object> header = new TreeMap<>(change.apply(new TreeMap<>(Ledger.parse(row.getValue()))));
            if (last != null) {
                header.put("prevHash", last);
            }
            String canonical = CanonicalJson.of(header);
            last = Hashing.ofHeader(canonical);
            handle.execute(
                    "UPDATE audit_record SET header = ?, hash = ? WHERE lane = ? AND seq = ?",
                    canonical,
                    last,
                    lane,
                    row.getKey());
        }
        move(lane, rows.get(rows.size() - 1).getKey(), last);
    }

    /** The records up to there go, with all that is derived from them, as retention would leave it. */
    void cutOff(Ledger.Head place) {
        handle.execute(
                "UPDATE audit_lane SET pruned_seq = ?, pruned_hash = ? WHERE lane = ?",
                place.seq(),
                place.hash(),
                place.lane());
        deleteKeys("WHERE lane = ? AND segment <= ?", place.lane(), place.seq());
        Forms.asRows(
                handle,
                () -> handle.execute(
                        "DELETE FROM message WHERE EXISTS (SELECT 1 FROM audit_record r WHERE r.message = message.id"
                                + " AND r.lane = ? AND r.seq <= ?)",
                        place.lane(),
                        place.seq()));
        Forms.asRows(
                handle,
                () -> handle.execute(
                        "DELETE FROM audit_record WHERE lane = ? AND seq <= ?", place.lane(), place.seq()));
    }

    /** The private parts up to there go. */
    List<String> blank(long lane, long to) {
        List<String> places = new ArrayList<>();
        for (long seq = 1; seq <= to; seq++) {
            places.add(lane + ":" + seq);
        }
        Forms.asRows(
                handle,
                () -> handle.execute(
                        "UPDATE audit_record SET private = NULL, salt = NULL, mime_message_id = NULL, queue_id = NULL"
                                + " WHERE lane = ? AND seq <= ?",
                        lane,
                        to));
        deleteKeys("WHERE key LIKE 'r:%' AND lane = ? AND segment <= ?", lane, to);
        deleteKeys("WHERE key LIKE 'p:%' AND lane = ? AND segment <= ?", lane, to);
        return places;
    }

    /** Deletes entries of the indexes of both forms. */
    private void deleteKeys(String where, Object... values) {
        handle.execute("DELETE FROM audit_key " + where, values);
        for (String table : List.of("audit_recipient", "audit_property")) {
            handle.execute(
                    "DELETE FROM " + table + " WHERE lane = ? AND seq <= ?",
                    values[values.length - 2],
                    values[values.length - 1]);
        }
    }

    /** Appends a statement to a file of the folder; its hash. */
    String sign(LedgerKey key, String file, List<Ledger.Head> heads, Map<String, Object> more)
            throws IOException, GeneralSecurityException {
        Map<String, Object> content = new TreeMap<>(more);
        content.putIfAbsent("at", "2026-11-28T12:00:00.000Z");
        content.put("heads", heads.stream().<Object>map(Ledger.Head::json).toList());
        content.put("key", key.fingerprint());
        String signed = CanonicalJson.of(content);
        content.put("signature", Base64.getEncoder().encodeToString(key.sign(signed.getBytes(StandardCharsets.UTF_8))));
        line(file, CanonicalJson.of(content));
        return Hashing.ofHeader(signed);
    }

    void line(String file, String line) throws IOException {
        Files.writeString(folder.resolve(file), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    void plant(LedgerKey key, String file) throws IOException {
        Files.writeString(folder.resolve(file), key.publicPem());
    }
}
